import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually, inTime } from './eventually.mjs'
import { freePort } from './ports.mjs'

const environmentScript = fileURLToPath(new URL('../../scripts/env.sh', import.meta.url))

/** What the binary may see of this process's environment: nothing that would set one of its settings. */
const inherited = Object.fromEntries(
  Object.entries(process.env).filter(([name]) =>
    /^(PATH|HOME|TMPDIR|XDG_CACHE_HOME|CARGO_TARGET_DIR|LD_LIBRARY_PATH|DUCKDB_\w+|FOOTFALL_(BIN|CACHE))$/.test(name)
  )
)

/** The superuser that every server of the tests starts with, unless it is to start empty. */
export const admin = { login: 'ada', email: 'ada@example.org', password: 'a long enough password', token: 'e2e0123456789abcdef0123456789abcdef' }

/** A running `footfall`, on a data directory and a port of its own. */
export class Footfall {
  #child
  #ended
  #said = ''
  #told = ''

  /** Starts it and waits until it is ready. `withAdmin: false` gives it no superuser; `settings` are variables it reads. */
  static async start({ command = 'serve', withAdmin = true, host, settings = {}, limit = 60_000 } = {}) {
    const directory = await mkdtemp(join(tmpdir(), 'footfall-e2e-'))
    const server = new Footfall(command, directory, await freePort(), withAdmin, host)
    Object.assign(server.environment, settings)
    await server.#run(limit)
    return server
  }

  constructor(command, directory, port, withAdmin, host) {
    Object.assign(this, { command, directory, port, url: `http://127.0.0.1:${port}` })
    this.environment = {
      ...inherited,
      FOOTFALL_DATA_DIR: join(directory, 'data'),
      FOOTFALL_LISTEN: `127.0.0.1:${port}`,
      FOOTFALL_REPORTS_READ_YOUR_HITS: 'true',
      FOOTFALL_LOG_LEVEL: 'warn',
      ...(host && { FOOTFALL_BASE_URL: `http://${host}` }),
      ...(withAdmin && {
        ADMIN_USER_EMAIL: admin.email,
        ADMIN_USER_NAME: admin.login,
        ADMIN_USER_PWD: admin.password,
        FOOTFALL_ADMIN_USER_TOKEN: admin.token
      })
    }
  }

  /** What it has printed on standard output since it started. */
  get said() {
    return this.#said
  }

  /** Waits until standard output holds a text of this pattern. */
  async says(pattern) {
    return eventually(() => {
      const found = pattern.exec(this.#said)
      if (!found) throw new Error(`nothing like ${pattern} was printed:\n${this.#said}\n${this.#told}`)
      return found
    })
  }

  /** A counter of `/metrics`. */
  async counter(name) {
    const page = await this.#metrics()
    const line = page.split('\n').find(line => line.startsWith(`footfall_${name} `))
    return Number(line.split(' ')[1])
  }

  /** Waits until so many hits are in the journal. */
  async journaled(n) {
    await eventually(async () => {
      const now = await this.counter('hits_journaled_total')
      if (now < n) throw new Error(`${now} hits came, ${n} should have; not counted:\n${await this.#dropped()}\n${this.#told}`)
    })
  }

  async #metrics() {
    return (await fetch(`${this.url}/metrics`, { signal: inTime() })).text()
  }

  async #dropped() {
    const page = await this.#metrics()
    return page.split('\n').filter(line => /^footfall_hits_dropped_total.* [1-9]/.test(line)).join('\n') || '(none)'
  }

  /** Fails when a hit was dropped. */
  async droppedNothing() {
    const dropped = await this.#dropped()
    if (dropped !== '(none)') throw new Error(`hits were not counted:\n${dropped}`)
  }

  /** Asks it to stop and waits until it has; the data stays. */
  async stop() {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGTERM')
    const lateness = setTimeout(() => this.#child.kill('SIGKILL'), 60_000)
    const outcome = await this.#ended
    clearTimeout(lateness)
    if (outcome !== 0) throw new Error(`\`footfall ${this.command}\` ended with ${outcome}:\n${this.#told}`)
  }

  /** Starts it again on the same data. */
  async startAgain(limit = 60_000) {
    await this.#run(limit)
  }

  /** Ends it however it is, and removes its data. */
  async remove() {
    this.#child.kill('SIGKILL')
    await this.#ended
    await rm(this.directory, { recursive: true, force: true })
  }

  async #run(limit) {
    this.#said = this.#told = ''
    const script = '. "$0" && exec "${FOOTFALL_BIN:-$CARGO_TARGET_DIR/debug/footfall}" "$1"'
    const child = spawn('bash', ['-c', script, environmentScript, this.command], {
      env: this.environment,
      cwd: this.directory,
      stdio: ['ignore', 'pipe', 'pipe']
    })
    this.#child = child
    child.stdout.setEncoding('utf8').on('data', text => (this.#said += text))
    child.stderr.setEncoding('utf8').on('data', text => (this.#told += text))
    const kill = () => child.kill('SIGKILL')
    process.once('exit', kill)
    let isOver = false
    this.#ended = new Promise(resolve =>
      child.once('close', (code, signal) => {
        isOver = true
        process.off('exit', kill)
        resolve(code ?? signal)
      })
    )
    try {
      await eventually(async () => {
        if (!isOver) assert.equal((await fetch(`${this.url}/health/ready`, { signal: inTime() })).status, 200)
      }, limit)
      assert.ok(!isOver)
    } catch {
      await this.remove()
      throw new Error(`\`footfall ${this.command}\` ${isOver ? 'ended' : 'did not become ready'}:\n${this.#said}\n${this.#told}`)
    }
  }
}
