import { build, transform } from 'esbuild'
import { readFile, readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { assemble, countMarks, settle } from './blocks.mjs'

const source = fileURLToPath(new URL('../src/plausible/', import.meta.url))

/** What events carry as `v`. */
const version = 1

/** Extensions of the script's file name that choose what the script can do. */
export const extensions = [
  'compat',
  'exclusions',
  'file-downloads',
  'hash',
  'local',
  'manual',
  'outbound-links',
  'pageview-props',
  'revenue',
  'tagged-events'
]

/** What the server replaces, quotes included, with a site's settings as JSON. */
export const configMark = '"%CONFIG%"'

/** The scripts as they are shipped: two templates, for browsers of today and of old, and the script of one site. */
export async function buildPlausible() {
  const [modern, old] = await Promise.all([bundle('es2018'), bundle('es5')])
  const known = features => name => (name === 'compat' || name === 'web' ? features.includes(name) : undefined)
  return {
    template: settle(modern, known([])),
    compatTemplate: settle(old, known(['compat'])),
    site: await siteScript(modern)
  }
}

/** Everything in one bundle, divided into blocks, minified only so far that the blocks stay whole. */
async function bundle(target) {
  const { outputFiles } = await build({
    entryPoints: [source + 'script.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    target,
    minifyWhitespace: true,
    minifyIdentifiers: true,
    treeShaking: false,
    legalComments: 'inline',
    define: { VERSION: String(version) }
  })
  const text = outputFiles[0].text.trim().replace(/^"use strict";/, '')
  if (countMarks(text) !== countMarks(await allSources())) {
    throw new Error('the bundler lost a mark: one stands where no statement follows or an empty one does')
  }
  return text
}

async function allSources() {
  const names = (await readdir(source)).filter(name => name.endsWith('.ts'))
  return (await Promise.all(names.map(name => readFile(source + name, 'utf8')))).join('\n')
}

async function siteScript(bundled) {
  const { code } = await transform(assemble(bundled, ['web']), { minify: true, target: 'es2018' })
  if (code.split(configMark).length !== 2) {
    throw new Error(`the script must hold ${configMark} exactly once`)
  }
  return code.trim()
}
