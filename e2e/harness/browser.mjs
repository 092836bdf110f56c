import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const executablePath = process.env.CHROMIUM || '/usr/bin/chromium'

/** What the browser says it is. By itself it says that nobody looks at it, which makes it a bot. */
const userAgent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'

/**
 * Starts a browser with a fresh profile in which host names lead to ports of this machine, so that pages, server and
 * foreign sites are as foreign to each other as on the web. `hosts` maps names (`*.test` for all others) to ports.
 */
export async function openBrowser(hosts) {
  if (!existsSync(executablePath)) {
    throw new Error(`no browser at ${executablePath}: install Debian's chromium, or say where one is with CHROMIUM`)
  }
  const rules = Object.entries(hosts).map(([host, port]) => `MAP ${host} 127.0.0.1:${port}`)
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      // Trackers keep quiet in browsers that say they are driven by a program.
      '--disable-blink-features=AutomationControlled',
      // For the whole browser: what a page sends while it is left does not carry the user agent of its context.
      `--user-agent=${userAgent}`,
      `--host-resolver-rules=${rules.join(', ')}`
    ]
  })
  return {
    close: () => browser.close(),
    /** Somebody with a browser of their own: no cookies, no storage, nothing cached. */
    async somebody() {
      const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 720 } })
      context.setDefaultTimeout(60_000)
      return context
    }
  }
}

/** Everything a page has left in the browser. */
export async function leftBehind(context, page) {
  const stored = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: (await indexedDB.databases()).map(database => database.name)
  }))
  return { cookies: await context.cookies(), ...stored }
}

/** Keeps a picture of the page where the variable SHOTS names a directory. */
export async function picture(page, name) {
  if (!process.env.SHOTS) return
  await mkdir(process.env.SHOTS, { recursive: true })
  // What is further down is fetched when it comes near.
  await page.evaluate(async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
      scrollTo(0, y)
      await new Promise(requestAnimationFrame)
    }
    scrollTo(0, 0)
  })
  await page.waitForFunction(() => !document.querySelector('.shimmer, [aria-busy="true"]'))
  await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true })
}
