// Builds the browser scripts into `dist`, prints what each weighs gzipped, and fails if one is over its budget.

import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { buildMatomo } from './matomo.mjs'
import { weigh } from './weigh.mjs'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))

await rm(dist, { recursive: true, force: true })
await mkdir(dist + 'plausible', { recursive: true })

const files = [{ name: 'matomo.js', text: await buildMatomo(), budget: 15_000 }]

let isOver = false
for (const { name, text, budget } of files) {
  await writeFile(dist + name, text)
  isOver = weigh(name, text, budget) || isOver
}
process.exit(isOver ? 1 : 0)
