// Clients of the reading API in Python: the oldest, the newest, and one made from the list of Matomo's methods.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { column, matomo, only } from '../harness/apis.mjs'
import { run, skipped, startServer } from '../harness/clients.mjs'
import { admin } from '../harness/footfall.mjs'
import { packages } from '../harness/python.mjs'
import { addShop } from '../stories/shop.mjs'

const name = 'piwikapi, matomopy and matomo-api'
const script = new URL('reading.py', import.meta.url).pathname
const { directory, missing } = await packages(new URL('requirements.txt', import.meta.url).pathname)

if (missing) {
  skipped(name, missing)
} else {
  test(name, async t => {
    const server = await startServer(t)
    const idSite = await addShop(server)
    await matomo(server, 'SitesManager.updateSite', { idSite, ecommerce: 1 })
    const told = JSON.parse(await run('python3', [script, server.url, admin.token, idSite], { env: { PYTHONPATH: directory } }))
    await server.droppedNothing()
    assert.equal(await server.counter('hits_journaled_total'), 39)
    await t.test('piwikapi', () => piwikapi(told.piwikapi))
    await t.test('matomopy', () => matomopy(told.matomopy))
    await t.test('matomo-api', () => matomoApi(told['matomo-api']))
    await t.test('the methods that matomo-api has', () => known(told.unknown))
  })
}

/** The visit of today that it sent and read. */
function piwikapi(told) {
  assert.equal(told.goal, 2)
  assert.deepEqual(told.deleted, { result: 'success', message: 'ok' })
  const visits = { nb_visits: 1, nb_uniq_visitors: 1, nb_actions: 3, nb_visits_converted: 1, bounce_count: 0 }
  assert.deepEqual(only(told.visits, ...Object.keys(visits)), visits)
  assert.deepEqual(only(told.segmented, ...Object.keys(visits)), visits)
  assert.deepEqual(only(told.actions, 'nb_pageviews', 'nb_downloads', 'nb_outlinks'), { nb_pageviews: 1, nb_downloads: 1, nb_outlinks: 1 })
  assert.deepEqual(column(told.pages, 'nb_hits'), { '/boots?size=8': 1 })
  assert.deepEqual(only(told.goals, 'nb_conversions', 'revenue', 'conversion_rate'), { nb_conversions: 1, revenue: 12.5, conversion_rate: '100%' })
  const order = { nb_conversions: 1, items: 2, revenue: 99, revenue_subtotal: 81, revenue_tax: 15, revenue_shipping: 5, revenue_discount: 2 }
  assert.deepEqual(only(told.orders, ...Object.keys(order)), order)
  // It tells of the product that is looked at by custom variables, as trackers did before Matomo 4.
  const product = { label: 'B-7', revenue: 81, quantity: 2, orders: 1, nb_visits: 1, avg_price: 40.5, conversion_rate: '100%' }
  assert.deepEqual(told.products.map(row => only(row, ...Object.keys(product))), [product])
  const [visit, ...more] = told.log
  assert.deepEqual(more, [])
  assert.deepEqual(only(visit, 'visitorId', 'resolution', 'languageCode', 'referrerName', 'browserName', 'plugins'), {
    visitorId: '0123456789abcdef',
    resolution: '1280x1024',
    languageCode: 'de-de',
    referrerName: 'news.test',
    browserName: 'Firefox',
    plugins: 'cookie, pdf'
  })
  const page = visit.actionDetails.find(action => action.type === 'action')
  assert.equal(page.pageTitle, 'Boots — größer')
  // The eight bytes that a PNG begins with.
  assert.equal(told.chart, '89504e470d0a1a0a')
}

/** The day of the past that it sent in one request. */
function matomopy(told) {
  assert.deepEqual(told.flushed, { status: 'success', tracked: 33, invalid: 0, invalid_indices: [] })
  assert.match(told.version, /^5\.\d+\.\d+$/)
  assert.deepEqual(told.bearer, { value: 3 })
  assert.deepEqual(told.days, { '2025-03-09': 0, '2025-03-10': 31, '2025-03-11': 0 })
  const pages = Array.from({ length: 30 }, (_, n) => [`/page/${String(n).padStart(2, '0')}`, 1])
  assert.deepEqual(told.pages, pages)
  const [visits, events, month] = told.bulk
  assert.deepEqual([visits, column(events, 'sum_event_value'), month.nb_pageviews], [{ value: 3 }, { Play: 7.5 }, 30])
  assert.equal(told.csv, 'label,nb_events,sum_event_value,metadata_segment\nBoots in the snow,1,7.5,eventName==Boots+in+the+snow')
  assert.deepEqual(column(told.contents, 'interaction_rate'), { 'snow.jpg': '100%' })
  assert.deepEqual(told.segmented, { nb_visits: 1, nb_actions: 11 })
  for (const one of ['Actions.getPageUrls', 'Goals.get', 'VisitsSummary.get', 'UserCountry.getCity']) {
    assert.ok(told.reports.includes(one), `\`${one}\` is no report`)
  }
  assert.deepEqual(told.segments.sort(), ['countryCode', 'pageUrl', 'visitorId'])
  // As at Matomo, some wrongs are told by the status, and others by the answer alone.
  assert.deepEqual(told['unknown method'], ['MatomoHTTPError', 'Matomo returned HTTP 400.'])
  assert.deepEqual(told['unknown token'], ['MatomoHTTPError', 'Matomo returned HTTP 401.'])
  const periods = 'day, week, month, year, range'
  assert.deepEqual(told['unknown period'], [
    'MatomoAPIError',
    `[VisitsSummary.get] The period 'fortnight' is not supported. Try any of the following instead: ${periods}`
  ])
}

/** The same day, read with the token in the address and without `index.php`. */
function matomoApi(told) {
  assert.deepEqual(only(told.visits, 'nb_visits', 'nb_actions', 'max_actions', 'nb_actions_per_visit'), {
    nb_visits: 3,
    nb_actions: 31,
    max_actions: 11,
    nb_actions_per_visit: 10.3
  })
  assert.deepEqual(told.titles.map(row => [row.label, row.nb_hits]), [[' Page 0', 1], [' Page 1', 1]])
  assert.deepEqual(column(told.browsers, 'nb_visits'), { Firefox: 3 })
  assert.deepEqual(told.week, { '2025-02-24,2025-03-02': 0, '2025-03-03,2025-03-09': 0, '2025-03-10,2025-03-16': 3 })
}

/** Plugins that are sold or installed apart, and those that Footfall has no counterpart of. */
const elsewhere = `AbTesting ActivityLog CustomAlerts CustomReports FormAnalytics Funnels HeatmapSessionRecording
  MarketingCampaignsReporting MediaAnalytics MobileMessaging MultiChannelConversionAttribution RollUpReporting SEO
  SearchEngineKeywordsPerformance TagManager Tour UsersFlow`.split(/\s+/)

/** Everything that can be read at Matomo's own plugins can be read here. */
function known(told) {
  assert.ok(told.asked >= 202, `${told.asked} methods were asked`)
  assert.deepEqual(told.methods, [])
  assert.deepEqual(told.plugins.filter(plugin => !elsewhere.includes(plugin)), [])
}
