import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { Footfall } from './footfall.mjs'

/** A running server that is ended when the test `t` ends. */
export async function startServer(t, options) {
  const server = await Footfall.start(options)
  t.after(() => server.remove())
  return server
}

/** A directory that is removed when the test `t` ends. */
export async function workDirectory(t) {
  const directory = await mkdtemp(join(tmpdir(), 'footfall-clients-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** Runs a program to its end and gives what it wrote; fails with everything it said when it fails. */
export async function run(program, words, { env = {}, limit = 60_000 } = {}) {
  try {
    const options = { env: { ...process.env, ...env }, timeout: limit, killSignal: 'SIGKILL', maxBuffer: 64 << 20 }
    return (await promisify(execFile)(program, words, options)).stdout
  } catch (problem) {
    throw new Error(`\`${program}\` ended with ${problem.code ?? problem.signal}:\n${problem.stdout ?? ''}\n${problem.stderr ?? problem}`)
  }
}

/** Whether a program of this name can be run. */
const onPath = program => (process.env.PATH ?? '').split(delimiter).some(directory => existsSync(join(directory, program)))

/**
 * A test of what the checkout has that the variable `variable` names, run by `program`; without one of both it is skipped
 * with a notice.
 */
export function checkoutTest(name, { variable, repository, file, program }, body) {
  const checkout = process.env[variable]
  if (!checkout || !existsSync(join(checkout, file))) skipped(name, `${variable} names no checkout of ${repository}`)
  else if (!onPath(program)) skipped(name, `there is no \`${program}\``)
  else test(name, t => body(t, checkout))
}

/** Says that a test is not run, and why. */
export function skipped(name, notice) {
  console.log(`${name} is not tried: ${notice}`)
  test(name, { skip: notice }, () => {})
}
