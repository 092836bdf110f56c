import { execFile } from 'node:child_process'
import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { promisify } from 'node:util'

const APP = join(import.meta.dirname, '..', 'next')
const TYPES = { html: 'text/html; charset=utf-8', js: 'application/javascript', css: 'text/css', json: 'application/json' }

/** Builds the Next.js application beside this harness with the script at an address, and gives its files as pages by path. */
export async function nextPages(address) {
  const run = promisify(execFile)
  const environment = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NEXT_PUBLIC_SCRIPT: address }
  const next = join(APP, '..', 'node_modules', 'next', 'dist', 'bin', 'next')
  try {
    await run(process.execPath, [next, 'build'], { cwd: APP, env: environment })
    const out = join(APP, 'out')
    const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
    const pages = files.map(entry => {
      const file = join(entry.parentPath, entry.name)
      const path = `/${relative(out, file).split(sep).join('/')}`
      const type = TYPES[path.split('.').pop()] ?? 'text/plain'
      return [path.replace(/\/index\.html$/, '/').replace(/\.html$/, ''), { body: readFileSync(file), type }]
    })
    return Object.fromEntries(pages)
  } finally {
    for (const made of ['.next', 'out', 'next-env.d.ts']) rmSync(join(APP, made), { recursive: true, force: true })
  }
}
