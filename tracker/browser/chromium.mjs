import { mkdtemp, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const executablePath = process.env.CHROMIUM || '/usr/bin/chromium'

/** Whether there is a browser to test in. */
export const hasChromium = () => existsSync(executablePath)

/** Opens a page in a browser with a fresh profile, hands it over, and leaves nothing behind. */
export async function withPage(use) {
  const profile = await mkdtemp(join(tmpdir(), 'tracker-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    // The first start on a cold machine that is busy otherwise takes its time.
    timeout: 120_000,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
  })
  try {
    context.setDefaultTimeout(60_000)
    return await use(context.pages()[0] || (await context.newPage()), context)
  } finally {
    await context.close()
    // The browser's children may still write while it goes.
    await rm(profile, { recursive: true, force: true, maxRetries: 20 })
  }
}
