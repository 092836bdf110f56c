// npm's `matomo-tracker`, which reports from a server on behalf of visitors: one request at a time, and many in one.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import MatomoTracker from 'matomo-tracker'
import { column, matomo, only, report } from '../harness/apis.mjs'
import { startServer } from '../harness/clients.mjs'
import { admin } from '../harness/footfall.mjs'
import { addShop } from '../stories/shop.mjs'

const date = '2025-03-10'

/** What every request of a visitor says: who it was, from where, with which browser. */
const ada = {
  token_auth: admin.token,
  cip: '203.0.113.7',
  _id: '0123456789abcdef',
  uid: 'ada@example.org',
  ua: 'Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0',
  lang: 'de-DE',
  res: '1280x1024'
}

/** What Ada did, a minute apart. */
const visit = [
  { url: 'http://shop.test/', action_name: 'Home', urlref: 'https://news.test/article', dimension1: 'gold' },
  { url: 'http://shop.test/boots', action_name: 'Boots', pf_srv: 150, pf_net: 50 },
  { url: 'http://shop.test/boots', e_c: 'Video', e_a: 'Play', e_n: 'Boots in the snow', e_v: 7.5 },
  { url: 'http://shop.test/search', search: 'laces', search_cat: 'catalogue', search_count: 0 },
  { url: 'http://shop.test/files/sizes.pdf', download: 'http://shop.test/files/sizes.pdf' },
  { url: 'http://elsewhere.test/maps', link: 'http://elsewhere.test/maps' },
  { url: 'http://shop.test/offer', idgoal: 1, revenue: 12.5 },
  {
    url: 'http://shop.test/paid',
    idgoal: 0,
    ec_id: 'A-1001',
    revenue: 119,
    ec_st: 100,
    ec_tx: 19,
    ec_items: JSON.stringify([['B-7', 'Boots', ['Shoes', 'Winter'], 40, 2], ['L-1', 'Laces', 'Shoes', 20, 1]])
  }
]

test('matomo-tracker', async t => {
  const server = await startServer(t)
  const idSite = await addShop(server)
  await matomo(server, 'SitesManager.updateSite', { idSite, ecommerce: 1, timezone: 'UTC' })
  const tracker = new MatomoTracker(idSite, `${server.url}/matomo.php`)
  const refused = []
  tracker.on('error', problem => refused.push(problem))

  for (const [minute, action] of visit.entries()) {
    tracker.track({ ...ada, ...action, cdt: `${date} 10:0${minute}:00` })
    await server.journaled(minute + 1)
  }
  const pages = Array.from({ length: 25 }, (_, n) => ({
    token_auth: admin.token,
    cip: `198.51.100.${n % 5}`,
    _id: `fedcba987654321${n % 5}`,
    url: `http://shop.test/page/${n % 3}`,
    action_name: `Page ${n % 3}`,
    cdt: `${date} 12:${String(n).padStart(2, '0')}:00`
  }))
  const answer = await new Promise(resolve => tracker.trackBulk(pages, resolve))
  assert.deepEqual(JSON.parse(answer), { status: 'success', tracked: 25, invalid: 0 })
  await server.journaled(visit.length + pages.length)
  await server.droppedNothing()
  assert.deepEqual(refused, [])

  const ask = (method, parameters) => report(server, idSite, method, { date, ...parameters })
  assert.deepEqual(only(await ask('VisitsSummary.get'), 'nb_visits', 'nb_uniq_visitors', 'nb_users', 'nb_actions', 'max_actions', 'nb_visits_converted'), {
    nb_visits: 6,
    nb_uniq_visitors: 6,
    nb_users: 1,
    nb_actions: 31,
    max_actions: 6,
    nb_visits_converted: 1
  })
  const actions = await ask('Actions.get')
  assert.deepEqual(only(actions, 'nb_pageviews', 'nb_uniq_pageviews', 'nb_downloads', 'nb_outlinks', 'nb_searches', 'nb_keywords'), {
    nb_pageviews: 27,
    nb_uniq_pageviews: 17,
    nb_downloads: 1,
    nb_outlinks: 1,
    nb_searches: 1,
    nb_keywords: 1
  })
  const urls = await ask('Actions.getPageUrls', { flat: 1 })
  assert.deepEqual(column(urls, 'nb_hits'), { '/page/0': 9, '/page/1': 8, '/page/2': 8, '/': 1, '/boots': 1 })
  assert.deepEqual(column(await ask('Actions.getSiteSearchNoResultKeywords'), 'nb_hits'), { laces: 1 })
  assert.deepEqual(column(await ask('Events.getCategory'), 'sum_event_value'), { Video: 7.5 })
  assert.deepEqual(column(await ask('Events.getName'), 'nb_events'), { 'Boots in the snow': 1 })
  assert.deepEqual(column(await ask('CustomDimensions.getCustomDimension', { idDimension: 1 }), 'nb_visits'), { gold: 1 })
  assert.deepEqual(only(await ask('Goals.get', { idGoal: 1 }), 'nb_conversions', 'revenue'), { nb_conversions: 1, revenue: 12.5 })
  const orders = await ask('Goals.get', { idGoal: 'ecommerceOrder' })
  assert.deepEqual(only(orders, 'nb_conversions', 'revenue', 'revenue_subtotal', 'revenue_tax', 'items'), {
    nb_conversions: 1,
    revenue: 119,
    revenue_subtotal: 100,
    revenue_tax: 19,
    items: 3
  })
  assert.deepEqual(column(await ask('Goals.getItemsSku'), 'revenue'), { 'B-7': 80, 'L-1': 20 })
  assert.deepEqual(column(await ask('Goals.getItemsCategory'), 'quantity'), { Shoes: 3, Winter: 2 })
  assert.deepEqual(column(await ask('Referrers.getWebsites'), 'nb_visits'), { 'news.test': 1 })
  assert.deepEqual(column(await ask('DevicesDetection.getBrowsers'), 'nb_visits'), { Firefox: 1, Unknown: 5 })
  const [seen] = await ask('Live.getLastVisitsDetails', { segment: 'userId==ada@example.org' })
  // Who is known by a name is the same visitor everywhere, whatever id a device has.
  assert.deepEqual(only(seen, 'visitorId', 'languageCode', 'resolution', 'visitDuration'), {
    visitorId: createHash('sha1').update(ada.uid).digest('hex').slice(0, 16),
    languageCode: 'de-de',
    resolution: '1280x1024',
    // Seven minutes, the second that they begin with, and two for the order, as at Matomo.
    visitDuration: 423
  })
})

test('matomo-tracker tells when it was refused', async t => {
  const server = await startServer(t)
  const idSite = await addShop(server)
  const refused = async query => {
    const tracker = new MatomoTracker(idSite, `${server.url}/matomo.php`)
    const problem = new Promise(resolve => tracker.once('error', resolve))
    tracker.track({ url: 'http://shop.test/', ...query })
    return problem
  }
  assert.equal(await refused({ cip: '203.0.113.7' }), 400)
  assert.equal(await refused({ cip: '203.0.113.7', token_auth: 'f'.repeat(32) }), 400)
  assert.equal(await server.counter('hits_journaled_total'), 0)
})
