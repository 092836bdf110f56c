import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'
import { minify } from 'terser'

const source = name => fileURLToPath(new URL('../src/matomo/' + name, import.meta.url))

/** Where the server puts the scripts of its plugins: after `Matomo` exists, before the first tracker does. */
export const pluginMark = '/*!! pluginTrackerHook */'

/** Names with a leading underscore that pages and servers know; all others are internal and get short names. */
const wireNames = /^_(paq|pk[cpsn])$/

async function bundle(entry, debug) {
  const { outputFiles } = await build({
    entryPoints: [source(entry)],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2018',
    minifySyntax: true,
    legalComments: 'none',
    define: { DEBUG: String(debug) },
    mangleProps: /^_/,
    reserveProps: wireNames
  })
  const { code } = await minify(outputFiles[0].text, {
    ecma: 2018,
    compress: { passes: 3 },
    mangle: { toplevel: true },
    format: { ascii_only: true }
  })
  return code
}

/** The complete script of Matomo's dialect. With `debug` its inside is open to test suites. */
export async function buildMatomo({ debug = false } = {}) {
  const halves = await Promise.all(['index.ts', 'boot.ts'].map(entry => bundle(entry, debug)))
  return halves.join('\n' + pluginMark + '\n') + '\n'
}
