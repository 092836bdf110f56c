import { build } from 'esbuild'
import { script } from './pages.mjs'

/** What a bundler makes of a module. */
export async function bundled(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'jsx' },
    bundle: true,
    write: false,
    format: 'iife',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}' }
  })
  return script(outputFiles[0].text)
}
