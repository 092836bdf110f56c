import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'

/** The script of pages that show a shared dashboard in a frame. */
export async function buildEmbedHost() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../src/embed/host.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2018',
    minify: true
  })
  return outputFiles[0].text
}
