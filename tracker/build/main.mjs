// Builds the browser scripts into `dist`, prints what each weighs gzipped, and fails if one is over its budget.

import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { assemble } from './blocks.mjs'
import { buildEmbedHost } from './embed.mjs'
import { buildMatomo } from './matomo.mjs'
import { buildPlausible, extensions } from './plausible.mjs'
import { gzipped, weigh } from './weigh.mjs'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))

const [matomo, { template, compatTemplate, site }, embedHost] = await Promise.all([
  buildMatomo(),
  buildPlausible(),
  buildEmbedHost()
])

await rm(dist, { recursive: true, force: true })
await mkdir(dist + 'plausible', { recursive: true })
await writeFile(dist + 'matomo.js', matomo)
await writeFile(dist + 'plausible/script.js', template)
await writeFile(dist + 'plausible/script.compat.js', compatTemplate)
await writeFile(dist + 'plausible/pa.js', site)
await writeFile(dist + 'embed.host.js', embedHost)

const variant = features => assemble(features.includes('compat') ? compatTemplate : template, features)
const largest = subsetsOf(extensions).reduce((most, one) =>
  gzipped(variant(one)) > gzipped(variant(most)) ? one : most
)

const isOver = [
  weigh('matomo.js', matomo, 15_000),
  weigh('plausible/script.js, plain', variant([]), 1000),
  weigh('plausible/script.js, every extension', variant(extensions), 2000),
  weigh('plausible/script.js, the largest variant', variant(largest), 2000),
  weigh('plausible/pa.js', site, 2000),
  weigh('embed.host.js', embedHost, 500)
].some(Boolean)
console.log(`the largest variant is ${largest.join('.')}`)
process.exit(isOver ? 1 : 0)

function subsetsOf(list) {
  return list.reduce((subsets, one) => subsets.concat(subsets.map(subset => subset.concat(one))), [[]])
}
