import { openBrowser } from './browser.mjs'
import { Footfall } from './footfall.mjs'
import { servePages } from './pages.mjs'

/** The host that the server of a test has in the browser. */
export const statsHost = 'stats.test'

/**
 * A running server, pages that it tracks, and a browser that reaches both. `prepare` makes sites on the server and gives the
 * pages. What was opened is closed when the test `t` ends.
 */
export async function openStage(t, prepare, options = {}) {
  const closing = []
  t.after(async () => {
    for (const close of closing.reverse()) await close()
  })
  const server = await Footfall.start({ host: statsHost, ...options })
  closing.push(() => server.remove())
  const pages = await servePages(await prepare(server))
  closing.push(() => pages.close())
  const browser = await openBrowser({ [statsHost]: server.port, '*.test': pages.port })
  closing.push(() => browser.close())
  return { server, somebody: browser.somebody }
}
