// The UI over a real server: the first account, a site whose snippet is pasted into a page, its figures.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { picture } from '../harness/browser.mjs'
import { admin } from '../harness/footfall.mjs'
import { page as made } from '../harness/pages.mjs'
import { openStage, statsHost } from '../harness/stage.mjs'
import { addShop, domain, shopSites, visitShop } from '../stories/shop.mjs'
import { dashboard, signIn, watched } from '../harness/ui.mjs'

const ui = `http://${statsHost}`

test('the dashboard shows what was tracked', async t => {
  let idSite
  const { server, somebody } = await openStage(t, async server => {
    idSite = await addShop(server)
    return shopSites(`${ui}/matomo.js`, `${ui}/matomo.php`, idSite)
  })
  await visitShop(server, await somebody())
  const page = await watched(await somebody())

  await page.goto(`${ui}/sites/${idSite}?period=day`)
  await page.waitForURL(/\/login\?next=/)
  await signIn(page, admin.login, 'not the password')
  assert.match(await page.getByRole('alert').textContent(), /wrong/)
  await signIn(page, admin.login, admin.password)
  const board = dashboard(page)
  await board.shows('Visitors', '1')
  await board.shows('Visits', '1')
  await board.shows('Page views', '3')
  assert.deepEqual(await board.rows('Pages'), { '/': '1', '/guide': '1' })
  assert.deepEqual(await board.rows('Sources'), { 'news.test': '1' })
  await page.getByTitle('Visitors in the last five minutes').getByText('1', { exact: true }).waitFor()
  await picture(page, 'dashboard')

  await page.getByRole('link', { name: 'Visitors' }).click()
  await page.getByRole('heading', { name: 'Visitors' }).waitFor()
  await page.getByText('Boots in the snow').waitFor()
  await picture(page, 'visitors')

  await page.goto(`${ui}/`)
  await page.getByRole('link', { name: new RegExp(domain) }).waitFor()
  await picture(page, 'sites')
  assert.deepEqual(page.troubles, [])
})

test('the first start leads from the printed link to the first page view', async t => {
  const snippet = { text: '' }
  const sites = { 'first.test': { get '/'() { return made('First', 'Hello', snippet.text) } } }
  const { server, somebody } = await openStage(t, async () => sites, { withAdmin: false })
  const [, link] = await server.says(/^\s*(http:\S+\/setup\?token=\S+)$/m)
  const page = await watched(await somebody())
  await page.goto(`${ui}/`)
  await page.waitForURL(`${ui}/setup`)
  await page.goto(link)
  await page.getByLabel('Login').fill('grace')
  await page.getByLabel('E-mail').fill('grace@example.org')
  await page.getByLabel('Password').fill('a long enough password')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.waitForURL(`${ui}/sites/new`)
  await page.getByLabel('Domain').fill('first.test')
  await page.getByRole('button', { name: 'Add site' }).click()
  await page.getByRole('heading', { name: 'Add the code to first.test' }).waitFor()
  await page.getByText('Waiting for the first page view').waitFor()
  snippet.text = await page.locator('pre').textContent()
  await picture(page, 'set-up')

  const visitor = await (await somebody()).newPage()
  await visitor.goto('http://first.test/')
  await server.journaled(1)
  await page.getByText('The first page view is in.').waitFor()
  await page.getByRole('button', { name: 'Open the dashboard' }).click()
  await page.waitForURL(/\/sites\/1\?period=realtime/)
  await dashboard(page).shows('Page views', '1')
  assert.deepEqual(page.troubles, [])

  const late = await (await somebody()).newPage()
  await late.goto(link)
  await late.waitForURL(/\/login/)
})
