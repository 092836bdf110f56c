// What people do with a site in the UI, over a real server: funnels, annotations, shields, shared dashboards, figures in and out.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { noonZone, plausible } from '../harness/apis.mjs'
import { picture } from '../harness/browser.mjs'
import { eventually } from '../harness/eventually.mjs'
import { admin } from '../harness/footfall.mjs'
import { page as made } from '../harness/pages.mjs'
import { openStage, statsHost } from '../harness/stage.mjs'
import { dashboard, signIn, watched } from '../harness/ui.mjs'
import { unzipped } from '../harness/zip.mjs'

const ui = `http://${statsHost}`
const domain = 'tour.test'
const snippet = `<script defer data-domain="${domain}" src="${ui}/js/script.js"></script>`
const sites = {
  [domain]: {
    '/': made('Home', 'Hello', snippet),
    '/pricing': made('Pricing', 'Ten', snippet),
    '/thanks': made('Thanks', 'Bye', snippet),
    '/admin/users': made('Back office', 'Us', snippet)
  },
  'wall.test': { '/': made('Wall', '<iframe width="1200" height="900"></iframe>') }
}

test('a site is looked at, noted about, shielded and shared', async t => {
  const { server, somebody } = await openStage(t, async server => {
    await plausible(server, 'POST', '/api/v1/sites', { domain, timezone: noonZone() })
    return sites
  })
  let hits = 0
  const visit = async (context, path, counts = true) => {
    const page = await context.newPage()
    await page.goto(`http://${domain}${path}`)
    if (counts) await server.journaled(++hits)
  }
  const visitor = await somebody()
  for (const path of ['/', '/pricing', '/thanks']) await visit(visitor, path)

  const page = await watched(await somebody())
  page.on('dialog', question => question.accept())
  await page.goto(`${ui}/sites/1/settings/goals`)
  await signIn(page, admin.login, admin.password)
  for (const [name, path] of [['Home', '/'], ['Pricing', '/pricing'], ['Thanks', '/thanks'], ['Back office', '/admin/users']]) {
    await page.getByRole('button', { name: 'Add a goal' }).click()
    await page.getByLabel('Name', { exact: true }).fill(name)
    await page.getByLabel('Pattern', { exact: true }).fill(path)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('cell', { name, exact: true }).waitFor()
  }

  await page.goto(`${ui}/sites/1/funnels?period=day`)
  await page.getByRole('button', { name: 'Add a funnel' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Buying')
  await dialog.getByLabel('Step 1', { exact: true }).selectOption({ label: 'Home' })
  await dialog.getByLabel('Step 2', { exact: true }).selectOption({ label: 'Pricing' })
  for (const [n, label] of [[3, 'Thanks'], [4, 'Back office']]) {
    await dialog.getByRole('button', { name: 'Add a step' }).click()
    await dialog.getByLabel(`Step ${n}`, { exact: true }).selectOption({ label })
  }
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.waitForURL(/\/funnels\/1\?period=day$/)
  await eventually(async () => assert.deepEqual(await page.locator('li.step .value b').allTextContents(), ['1', '1', '1', '0']))
  assert.match(await page.locator('.facts').textContent(), /1 of 1 visitors entered.*0 of 1 went all the way/)
  await picture(page, 'funnel')

  await page.goto(`${ui}/sites/1?period=7d`)
  await page.getByRole('button', { name: 'Add an annotation' }).click()
  await page.getByLabel('What happened').fill('The tour opened')
  await page.getByRole('button', { name: 'Save' }).click()
  const mark = page.getByRole('group', { name: 'Annotations' }).getByRole('button', { name: /The tour opened/ })
  await mark.focus()
  assert.match(await page.getByRole('tooltip').textContent(), /The tour opened/)
  await dashboard(page).shows('Page views', '3')
  await picture(page, 'annotated')

  await page.goto(`${ui}/sites/1/settings/shields`)
  await page.getByLabel('Path to leave out').fill('/admin/**')
  await page.keyboard.press('Enter')
  await page.getByText('/admin/**', { exact: true }).waitFor()
  const dropped = async () => (await plausible(server, 'GET', '/api/v1/sites/1/dropped')).dropped
  const before = await dropped()
  await visit(visitor, '/admin/users', false)
  await eventually(async () => assert.equal(await dropped(), before + 1))

  await page.goto(`${ui}/sites/1?period=day&f=is,event:page,/pricing`)
  await page.getByRole('button', { name: 'Segments' }).click()
  await page.getByRole('menuitem', { name: 'Save as segment' }).click()
  await page.getByLabel('Name').fill('Saw the prices')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.goto(`${ui}/sites/1/settings/sharing`)
  await page.getByText('Page is /pricing').waitFor()
  const links = {}
  for (const [name, password, segment] of [['Wall', '', 'Everything'], ['Board', 'open sesame', 'Saw the prices']]) {
    await page.getByRole('button', { name: 'New shared link' }).click()
    await page.getByLabel('Who it is for').fill(name)
    if (password) await page.getByLabel('Password').fill(password)
    await page.getByLabel('What it shows').selectOption({ label: segment })
    await page.getByRole('button', { name: 'Make link' }).click()
    links[name] = await page.getByRole('dialog', { name }).locator('pre').first().textContent()
    await page.getByRole('button', { name: 'Done' }).click()
  }

  const stranger = await watched(await somebody())
  await stranger.goto(`${links.Board}&period=day`)
  await stranger.getByLabel('Password').fill('guess')
  await stranger.getByRole('button', { name: 'Open' }).click()
  await stranger.getByText('The password is needed, or is another one.').waitFor()
  await stranger.getByLabel('Password').fill('open sesame')
  await stranger.getByRole('button', { name: 'Open' }).click()
  await stranger.getByText('Limited to: Saw the prices').waitFor()
  await dashboard(stranger).shows('Page views', '1')
  await picture(stranger, 'shared-segment')
  await stranger.goto('http://wall.test/')
  await stranger.locator('iframe').evaluate((frame, address) => (frame.src = address), `${links.Wall}&embed=true&theme=dark&period=day`)
  const frame = stranger.frameLocator('iframe')
  await eventually(async () => assert.equal((await frame.locator('.tile', { hasText: 'Page views' }).locator('.value').textContent()).trim(), '3'))
  assert.equal(await frame.getByRole('link', { name: 'Footfall, all sites' }).count(), 0)
  assert.deepEqual(stranger.troubles, [])

  // The dashboard as files: the figures that it shows, of the days and with the filters it shows.
  await page.goto(`${ui}/sites/1?period=day`)
  const saved = async on => {
    const [file] = await Promise.all([on.waitForEvent('download'), on.getByRole('button', { name: 'Export', exact: true }).click()])
    assert.match(file.suggestedFilename(), /^Plausible export tour\.test (\d{4}-\d\d-\d\d) to \1\.zip$/)
    return unzipped(await readFile(await file.path()))
  }
  const files = await saved(page)
  assert.equal(Object.keys(files).length, 22)
  const counts = files['pages.csv'].split('\r\n').slice(1, 4).map(line => line.split(',').slice(0, 3).join())
  assert.deepEqual(counts, ['/,1,1', '/pricing,1,1', '/thanks,1,1'])
  await page.goto(`${ui}/sites/1?period=day&f=is,event:page,/pricing`)
  const some = await saved(page)
  assert.deepEqual(some['pages.csv'].split('\r\n').slice(1).map(line => line.split(',')[0]), ['/pricing', ''])
  await stranger.goto(`${links.Wall}&period=day`)
  const shared = await saved(stranger)
  assert.equal(shared['pages.csv'], files['pages.csv'])

  await page.goto(`${ui}/sites/1/settings/imports`)
  const rows = 'date,visitors,pageviews,bounces,visits,visit_duration\n2025-01-01,2,3,1,2,60\n2025-01-02,5,8,1,6,90\n'
  await page.getByLabel('Files').setInputFiles([{ name: 'imported_visitors_20250101_20250102.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) }])
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByText('2 rows of figures came in').waitFor()
  const [archive] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV archive' }).click()])
  const bytes = await readFile(await archive.path())
  assert.ok(bytes.includes('2025-01-02,5,8,1,6,90'))
  const [events] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'JSON lines' }).click()])
  const lines = await readFile(await events.path(), 'utf8')
  assert.equal(lines.trim().split('\n').filter(line => JSON.parse(line).type === 'pageview').length, 3)
  await page.getByLabel('What to import').selectOption('events')
  await page.getByLabel('Files').setInputFiles([{ name: 'events.ndjson', mimeType: 'text/plain', buffer: Buffer.from('{"site": 1, "timestamp": "2025-03-01T10:00:00Z", "visitor": "a", "url": "http://tour.test/old"}\n{"site": 2}\n') }])
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByText('1 of 2 lines came in.').waitFor()
  await picture(page, 'imports')
  assert.deepEqual(page.troubles, [])
})
