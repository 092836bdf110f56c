import { gzipSync } from 'node:zlib'

/** The size of a script as it travels. */
export const gzipped = text => gzipSync(text, { level: 9 }).length

/** Prints a script's size beside its budget and says whether it is over. */
export function weigh(name, text, budget) {
  const size = gzipped(text)
  const isOver = size > budget
  console.log(`${name.padEnd(44)} ${String(size).padStart(6)} of ${budget} bytes gzip${isOver ? '  OVER BUDGET' : ''}`)
  return isOver
}
