import { build } from 'esbuild'
import { script } from './pages.mjs'

/** What a bundler makes of a module. `standIns` maps names of modules to the source of others. */
export async function bundled(contents, standIns = {}) {
  const replaced = {
    name: 'stand-ins',
    setup(building) {
      const names = new RegExp(`^(${Object.keys(standIns).join('|')})$`)
      building.onResolve({ filter: names }, ({ path }) => ({ path, namespace: 'stand-in' }))
      building.onLoad({ filter: /.*/, namespace: 'stand-in' }, ({ path }) => ({ contents: standIns[path], resolveDir: import.meta.dirname }))
    }
  }
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'jsx' },
    bundle: true,
    write: false,
    format: 'iife',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}' },
    plugins: Object.keys(standIns).length ? [replaced] : []
  })
  return script(outputFiles[0].text)
}
