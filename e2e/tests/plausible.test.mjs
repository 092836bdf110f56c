// Documentation with Plausible's script: our own in its variants, and the package that sites bundle.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { build } from 'esbuild'
import { query, table } from '../harness/apis.mjs'
import { leftBehind } from '../harness/browser.mjs'
import { script } from '../harness/pages.mjs'
import { openStage, statsHost } from '../harness/stage.mjs'
import { addDocs, docsSites, domain, matomoTellsOfDocs, plausibleTellsOfDocs, visitDocs } from '../stories/docs.mjs'

const nothing = { cookies: [], local: {}, session: {}, databases: [] }

const tag = (variant, attributes = '') =>
  `<script defer data-domain="${domain}" ${attributes} src="http://${statsHost}/js/${variant}.js"></script>`

/** Visits the documentation, compares both APIs with what was done, and gives the browser as the visit left it. */
async function docs(t, sites) {
  const { server, somebody } = await openStage(t, async server => {
    await addDocs(server)
    return sites
  })
  const context = await somebody()
  const { page, hits } = await visitDocs(server, context)
  await page.goto(`http://${domain}/blank`)
  assert.deepEqual(await leftBehind(context, page), nothing)
  await server.droppedNothing()
  assert.equal(await server.counter('hits_journaled_total'), hits)
  await plausibleTellsOfDocs(server)
  await matomoTellsOfDocs(server, 1)
  return { server, context, page, hits }
}

test('our script with its extensions, without cookies or storage, and silent where it is asked to be', async t => {
  const snippet = tag('script.outbound-links.file-downloads.tagged-events.pageview-props', 'event-author="grace"')
  const order = "plausible('Order', { props: { item: 'boots' } })"
  const signUp = 'class="plausible-event-name=Signup plausible-event-plan=team"'
  const { server, context, page, hits } = await docs(t, docsSites({ snippet, signUp, order }))

  await page.evaluate(() => localStorage.setItem('plausible_ignore', 'true'))
  const asked = []
  context.on('request', request => asked.push(new URL(request.url()).pathname))
  const ignored = page.waitForEvent('console', message => message.text() === 'Ignoring Event: localStorage flag')
  await page.goto(`http://${domain}/`)
  await ignored
  await page.click('#sign-up')
  await page.goto('http://elsewhere.test/')
  assert.deepEqual(asked.filter(path => path === '/api/event'), [])
  assert.equal(await server.counter('hits_journaled_total'), hits)
})

test('our script where the hash turns the page', async t => {
  const snippet = tag('script.hash.outbound-links')
  const { server, somebody } = await openStage(t, async server => {
    await addDocs(server)
    return docsSites({ snippet, signUp: '', order: '' })
  })
  const page = await (await somebody()).newPage()
  await page.goto(`http://${domain}/#/intro`)
  await server.journaled(1)
  await page.evaluate(() => (location.hash = '#/setup'))
  await server.journaled(3)
  await page.evaluate(() => history.pushState({}, '', '/not-by-hash'))
  await page.evaluate(() => (location.hash = '#/setup'))
  await server.journaled(5)
  assert.deepEqual(await query(server, domain, ['visitors', 'visits', 'pageviews']), [{ dimensions: [], metrics: [1, 1, 3] }])
  assert.deepEqual(await table(server, domain, ['pageviews'], 'event:page'), { '/#/intro': 1, '/#/setup': 1, '/not-by-hash#/setup': 1 })
})

test("npm's @plausible-analytics/tracker", async t => {
  const bundled = await build({
    stdin: {
      contents: `
        import { init, track } from '@plausible-analytics/tracker'
        init({ domain: '${domain}', endpoint: 'http://${statsHost}/api/event', outboundLinks: true, fileDownloads: true, customProperties: { author: 'grace' } })
        window.trackEvent = track`,
      resolveDir: import.meta.dirname
    },
    bundle: true,
    write: false,
    format: 'iife'
  })
  const sites = docsSites({
    snippet: '<script defer src="/bundle.js"></script>',
    signUp: `onclick="trackEvent('Signup', { props: { plan: 'team' } })"`,
    order: "trackEvent('Order', { props: { item: 'boots' } })"
  })
  sites[domain]['/bundle.js'] = script(bundled.outputFiles[0].text)
  await docs(t, sites)
})
