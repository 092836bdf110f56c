import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/**
 * Installs what a file of requirements names, once for each version of it, and gives the directory for PYTHONPATH; or says
 * what is missing for that.
 */
export async function packages(requirements) {
  const cache = process.env.FOOTFALL_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'footfall')
  const version = await python('-c', 'import sys; print(sys.version)')
  if (version === undefined) return { missing: 'there is no `python3`' }
  const name = createHash('sha256').update(version).update(await readFile(requirements)).digest('hex').slice(0, 16)
  const directory = join(cache, `python-${name}`)
  if (existsSync(directory)) return { directory }
  if ((await python('-m', 'pip', '--version')) === undefined) return { missing: 'Python has no `pip`' }
  console.log(`installing what ${requirements} names`)
  const fresh = `${directory}.${process.pid}`
  const options = ['--quiet', '--disable-pip-version-check', '--no-input', '--target', fresh]
  if ((await python('-m', 'pip', 'install', ...options, '--requirement', requirements)) === undefined) {
    await rm(fresh, { recursive: true, force: true })
    return { missing: `\`pip\` cannot install what ${requirements} names` }
  }
  // Somebody else may have installed the same meanwhile.
  await rename(fresh, directory).catch(() => rm(fresh, { recursive: true, force: true }))
  return { directory }
}

/** What Python writes; nothing when it fails, which it has five minutes for. */
async function python(...words) {
  try {
    return (await promisify(execFile)('python3', words, { timeout: 300_000 })).stdout
  } catch {
    return undefined
  }
}
