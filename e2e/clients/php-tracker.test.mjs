// Matomo's PHP tracker, which shops and content systems report with: over cURL, and over PHP's own streams where that is missing.

import assert from 'node:assert/strict'
import { column, matomo, only, report } from '../harness/apis.mjs'
import { checkoutTest, run, startServer } from '../harness/clients.mjs'
import { admin } from '../harness/footfall.mjs'

const php = { variable: 'MATOMO_PHP_TRACKER_SRC', repository: 'matomo-org/matomo-php-tracker', file: 'MatomoTracker.php', program: 'php' }
const script = new URL('tracker.php', import.meta.url).pathname
const date = '2025-03-10'

checkoutTest('the PHP tracker', php, async (t, checkout) => {
  const server = await startServer(t)
  const modules = await run('php', ['-m'])
  assert.match(modules, /^curl$/m, 'PHP has no cURL: install php-curl')
  for (const options of [[], ['-d', 'disable_functions=curl_init']]) {
    const idSite = await addSite(server)
    const before = await server.counter('hits_journaled_total')
    const answers = JSON.parse(await run('php', [...options, script, checkout, server.url, admin.token, idSite]))
    assert.deepEqual(answers, {
      page: 'image',
      event: 'image',
      impression: '',
      crash: '',
      ping: '',
      crawler: null,
      'no crawler': null,
      bulk: '{"status":"success","tracked":41,"invalid":0,"invalid_indices":[]}',
      'without token': 'image',
      'wrong token': 'image'
    })
    assert.equal((await server.counter('hits_journaled_total')) - before, 63)
    await tells(server, idSite)
  }
})

async function addSite(server) {
  const { value: idSite } = await matomo(server, 'SitesManager.addSite', {
    siteName: 'Shop',
    'urls[0]': 'http://shop.test',
    ecommerce: 1,
    timezone: 'UTC',
    currency: 'EUR'
  })
  for (const name of ['Asked for an offer', 'Called']) {
    await matomo(server, 'Goals.addGoal', { idSite, name, matchAttribute: 'manually', pattern: '.*', patternType: 'regex', revenue: 20 })
  }
  for (const [name, scope] of [['Customer', 'visit'], ['Shelf', 'action']]) {
    await matomo(server, 'CustomDimensions.configureNewCustomDimension', { idSite, name, scope, active: 1 })
  }
  return idSite
}

/** What the API must say of the day. */
async function tells(server, idSite) {
  const ask = (method, parameters) => report(server, idSite, method, { date, ...parameters })
  const columns = async (method, name, parameters) => column(await ask(method, parameters), name)
  const figures = async (method, parameters, ...names) => Object.values(only(await ask(method, parameters), ...names))

  // Ada's two visits, Grace's, Joan's, and those of the four whose pages came in one request. The crawler's is none.
  const visits = ['nb_visits', 'nb_uniq_visitors', 'nb_users', 'nb_actions', 'max_actions', 'bounce_count', 'nb_visits_converted']
  assert.deepEqual(await figures('VisitsSummary.get', {}, ...visits), [8, 7, 1, 52, 11, 3, 2])
  const actions = ['nb_pageviews', 'nb_uniq_pageviews', 'nb_downloads', 'nb_outlinks', 'nb_searches', 'nb_keywords']
  assert.deepEqual(await figures('Actions.get', {}, ...actions), [45, 25, 1, 1, 2, 2])
  assert.deepEqual(await columns('Actions.getPageUrls', 'nb_hits', { flat: 1 }), {
    '/page/0': 8,
    '/page/1': 8,
    '/page/2': 8,
    '/page/3': 8,
    '/page/4': 8,
    '/': 2,
    '/boots': 1,
    '/shoes': 1,
    '/laces?size=8&color=red': 1
  })
  assert.equal((await columns('Actions.getPageTitles', 'nb_hits'))[' Laces & "rope" — größer'], 1)
  assert.deepEqual(await columns('Events.getAction', 'sum_event_value'), { Play: 7.5, End: 0, Stop: 0 })
  assert.deepEqual(await columns('Events.getName', 'nb_events'), { 'Boots in the snow': 1, 'Event Name not defined': 2 })
  assert.deepEqual(await columns('Contents.getContentPieces', 'nb_impressions'), { 'rain.jpg': 1, 'snow.jpg': 1 })
  assert.deepEqual(await columns('Contents.getContentPieces', 'interaction_rate'), { 'rain.jpg': '0%', 'snow.jpg': '100%' })
  assert.deepEqual(await columns('Actions.getSiteSearchKeywords', 'nb_hits'), { laces: 1, rope: 1 })
  assert.deepEqual(await columns('Actions.getSiteSearchNoResultKeywords', 'nb_hits'), { rope: 1 })
  assert.deepEqual((await ask('Actions.getDownloads', { flat: 1 })).map(row => row.url), ['http://shop.test/files/sizes.pdf'])
  assert.deepEqual((await ask('Actions.getOutlinks', { flat: 1 })).map(row => row.url), ['http://elsewhere.test/maps'])

  // The first goal is worth what the site says, the second what the shop said, also to the newsletter.
  assert.deepEqual(await figures('Goals.get', { idGoal: 1 }, 'nb_conversions', 'revenue'), [1, 20])
  assert.deepEqual(await figures('Goals.get', { idGoal: 2 }, 'nb_conversions', 'revenue', 'conversion_rate'), [2, 10, '25%'])
  const campaigns = await ask('Referrers.getCampaigns')
  assert.deepEqual(column(campaigns, 'nb_visits'), { spring: 1, summer: 1, newsletter: 0 })
  assert.deepEqual(column(campaigns, 'revenue'), { spring: 126.5, summer: undefined, newsletter: 2.5 })
  assert.deepEqual(await columns('Referrers.getWebsites', 'nb_visits'), { 'news.test': 1 })

  // The order came twice and counts once. The laces were left out of it, and left behind by Grace.
  const order = ['nb_conversions', 'items', 'revenue', 'revenue_subtotal', 'revenue_tax', 'revenue_shipping', 'revenue_discount']
  assert.deepEqual(await figures('Goals.get', { idGoal: 'ecommerceOrder' }, ...order), [1, 2, 99, 81, 15, 5, 2])
  assert.deepEqual(await figures('Goals.get', { idGoal: 'ecommerceAbandonedCart' }, 'nb_conversions', 'items', 'revenue'), [1, 3, 57])
  assert.deepEqual(await columns('Goals.getItemsSku', 'revenue'), { 'B-7': 81 })
  assert.deepEqual(await columns('Goals.getItemsCategory', 'nb_actions'), { Shoes: 2, Winter: 1 })
  assert.deepEqual(await columns('Goals.getItemsName', 'avg_price'), { Boots: 40.5 })
  assert.deepEqual(await columns('Goals.getItemsSku', 'abandoned_carts', { abandonedCarts: 1 }), { 'L-1': 1, 'B-7': undefined })

  assert.deepEqual(await columns('CustomDimensions.getCustomDimension', 'nb_actions', { idDimension: 1 }), { gold: 9 })
  assert.deepEqual(await columns('CustomDimensions.getCustomDimension', 'nb_hits', { idDimension: 2 }), { bulk: 40, front: 1 })
  assert.deepEqual(await columns('CustomVariables.getCustomVariables', 'nb_actions'), { Tier: 10, Author: 1 })
  assert.deepEqual(await figures('PagePerformance.get', {}, 'avg_time_server', 'avg_page_load_time'), [0.12, 0.42])

  // Where somebody is, is told by the request, else guessed from the languages of the browser.
  assert.deepEqual(await columns('UserCountry.getCountry', 'nb_visits'), { Switzerland: 4, Unknown: 3, Germany: 1 })
  assert.deepEqual(await columns('UserCountry.getCity', 'nb_visits'), { Unknown: 7, 'Berlin, Berlin, Germany': 1 })
  assert.deepEqual(await columns('DevicesDetection.getBrowserVersions', 'nb_visits'), { 'Firefox 136.0': 7, 'Chrome Mobile 134.0': 1 })
  assert.deepEqual(await columns('DevicesDetection.getModel', 'nb_visits'), { 'Generic Desktop': 7, 'Google - Pixel 9': 1 })
  assert.deepEqual(await columns('DevicesDetection.getOsVersions', 'nb_visits'), { 'GNU/Linux': 7, 'Android 15.0': 1 })
  assert.deepEqual(await columns('Resolution.getResolution', 'nb_visits'), { unknown: 6, '1920x1080': 2 })
  assert.deepEqual(await columns('UserId.getUsers', 'nb_visits'), { 'ada@example.org': 2 })
  assert.equal((await columns('VisitTime.getVisitInformationPerLocalTime', 'nb_visits'))[11], 2)

  // The ping made the first visit last until 10:20; the next began because it was told to.
  const log = await ask('Live.getLastVisitsDetails', { segment: 'userId==ada@example.org', filter_limit: 10 })
  assert.deepEqual(log.map(visit => [visit.serverTimePrettyFirstAction, visit.visitDuration, visit.visitorType, visit.referrerName]), [
    ['10:21:00', 0, 'returning', 'summer'],
    ['10:00:00', 1201, 'new', 'spring']
  ])
}
