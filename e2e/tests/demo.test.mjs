// `footfall demo` as a new user would try it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { picture } from '../harness/browser.mjs'
import { openStage } from '../harness/stage.mjs'
import { dashboard, signIn, watched } from '../harness/ui.mjs'

/** Making two months of traffic takes its time on a busy machine. */
const limit = 240_000

test('the demo prints how to get in, is lively, tracks its own pages, and keeps what it has', async t => {
  const { server, somebody } = await openStage(t, async () => ({}), { command: 'demo', withAdmin: false, host: '', limit })
  await server.says(new RegExp(`running at ${server.url}`))
  const [, login] = await server.says(/Log in with\s+(\S+)/)
  const [, password] = await server.says(/Password\s+(\S+)/)

  const page = await watched(await somebody())
  await page.goto(`${server.url}/login`)
  await signIn(page, login, password)
  await page.getByRole('heading', { name: 'All sites' }).waitFor()
  await page.locator('li.site').nth(2).waitFor()
  const names = await page.locator('li.site b.cut').allTextContents()
  assert.deepEqual(names.toSorted(), ['Aurora Outdoor', 'Nimbus Docs', 'Your first pages'])
  await picture(page, 'demo-sites')

  const figures = await lively(page, server, 'Aurora Outdoor')
  await lively(page, server, 'Nimbus Docs')

  const visitor = await (await somebody()).newPage()
  for (const dialect of ['matomo', 'plausible']) {
    await walk(visitor, server, dialect)
  }
  await open(page, server, 'Your first pages', 'period=day')
  const board = dashboard(page)
  // Matomo counts a page with a search in its address as a search.
  await board.shows('Page views', '5')
  assert.deepEqual(await board.rows('Pages'), ownPages)
  // With a cookie and without one, somebody is two visitors.
  await board.shows('Visitors', '2')
  assert.deepEqual(await board.rows('Events'), { Press: '2', 'Site Search': '1' })
  await picture(page, 'demo-own-pages')

  assert.deepEqual(page.troubles, [])
  await page.goto('about:blank')
  await server.stop()
  await server.startAgain(limit)
  await open(page, server, 'Your first pages', 'period=day')
  await board.shows('Page views', '5')
  assert.deepEqual(await board.rows('Pages'), ownPages)
  const after = await lively(page, server, 'Aurora Outdoor')
  assert.ok(after >= figures, `${figures} page views in a month before the restart, ${after} after it`)
  assert.deepEqual(page.troubles, [])
})

/** What was looked at on the third site, and by how many: Matomo's search page is no page view. */
const ownPages = Object.fromEntries(
  ['matomo.html', 'matomo-second.html', 'plausible.html', 'plausible-second.html', 'plausible-search.html'].map(name => [
    `/demo-pages/${name}`,
    '1'
  ])
)

/** Opens a site's dashboard by its name. */
async function open(page, server, name, search) {
  await page.goto(`${server.url}/`)
  const link = page.locator('li.site', { hasText: name }).getByRole('link').first()
  const path = new URL(await link.getAttribute('href'), server.url).pathname
  await page.goto(`${server.url}${path}?${search}`)
  await page.locator('.tile .value').first().waitFor()
}

/** A site's dashboard has figures everywhere; gives the page views of the last 30 days. */
async function lively(page, server, name) {
  await open(page, server, name, 'period=30d')
  const board = dashboard(page)
  for (const panel of ['Sources', 'Pages', 'Devices', 'Events', 'Goals']) {
    const rows = await board.rows(panel)
    assert.ok(Object.keys(rows).length >= 2, `${panel} of ${name}: ${JSON.stringify(rows)}`)
  }
  await picture(page, `demo-${name.toLowerCase().replaceAll(' ', '-')}`)
  const found = await page.evaluate(async () => {
    const session = await (await fetch('/api/v1/session')).json()
    const id = location.pathname.split('/')[2]
    const headers = { 'content-type': 'application/json', 'x-csrf-token': session.csrf_token }
    const body = JSON.stringify({ range: { period: '30d' }, metrics: ['pageviews'] })
    return (await fetch(`/api/v1/sites/${id}/query`, { method: 'POST', headers, body })).json()
  })
  const pageviews = found.totals.metrics[0]
  assert.ok(pageviews > 1000, `${name} has ${pageviews} page views`)
  return pageviews
}

/** Walks through the demo pages of a dialect. Plausible's script tells with each new page how far the one before was read. */
async function walk(page, server, dialect) {
  const then = async (n, act) => {
    const before = await server.counter('hits_journaled_total')
    await act()
    await server.journaled(before + n)
  }
  const turned = dialect === 'plausible' ? 2 : 1
  await then(1, () => page.goto(`${server.url}/demo-pages/${dialect}.html`))
  await then(1, () => page.getByRole('button', { name: 'Press me' }).click())
  await then(turned, () => page.getByRole('link', { name: 'A second page' }).click())
  await then(turned, () => page.getByRole('link', { name: 'A search' }).click())
}
