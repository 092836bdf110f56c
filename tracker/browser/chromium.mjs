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
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
  })
  try {
    return await use(context.pages()[0] || (await context.newPage()), context)
  } finally {
    await context.close()
    await rm(profile, { recursive: true, force: true })
  }
}
