// A visit to a shop whose pages carry Matomo's snippet, and what both APIs must say of it.

import assert from 'node:assert/strict'
import { column, matomo, noonOffset, only, query, report, table } from '../harness/apis.mjs'
import { file, page } from '../harness/pages.mjs'

export const domain = 'shop.test'

/** Pages of the shop, of a news site that links to it, and of one that it links to. */
export function shopSites(scriptUrl, trackerUrl, idSite) {
  const snippet = `<script>
    var _paq = window._paq = window._paq || [];
    _paq.push(['setCustomDimension', 1, 'gold']);
    _paq.push(['trackPageView']);
    _paq.push(['enableLinkTracking']);
    (function () {
      _paq.push(['setTrackerUrl', '${trackerUrl}']);
      _paq.push(['setSiteId', '${idSite}']);
      var g = document.createElement('script'), s = document.getElementsByTagName('script')[0];
      g.async = true; g.src = '${scriptUrl}'; s.parentNode.insertBefore(g, s);
    })();
  </script>`
  const button = (id, call) => `<button id="${id}" onclick="_paq.push(${call})">${id}</button>`
  return {
    'news.test': { '/article': page('News', `<a href="http://${domain}/">A good shop</a>`) },
    [domain]: {
      '/': page(
        'Home',
        button('event', `['trackEvent', 'Video', 'Play', 'Boots in the snow', 7]`) +
          button('search', `['trackSiteSearch', 'boots', 'catalogue', 3]`) +
          button('goal', `['trackGoal', 1, 12.5]`) +
          '<a id="download" href="/files/sizes.pdf">Sizes</a> <a id="guide" href="/guide">Guide</a>',
        snippet
      ),
      '/guide': page('Guide', '<a id="outlink" href="http://elsewhere.test/maps">Find us</a>', snippet),
      '/files/sizes.pdf': file
    }
  }
}

/** Makes the shop's site with its goal and its custom dimension. */
export async function addShop(server) {
  const site = await matomo(server, 'SitesManager.addSite', {
    siteName: 'Shop',
    'urls[0]': `http://${domain}`,
    timezone: noonOffset(),
    currency: 'EUR'
  })
  const idSite = site.value
  const goal = { idSite, name: 'Asked for an offer', matchAttribute: 'manually', pattern: '.*', patternType: 'regex' }
  assert.deepEqual(await matomo(server, 'Goals.addGoal', goal), { value: 1 })
  const dimension = { idSite, name: 'Customer', scope: 'visit', active: 1 }
  assert.deepEqual(await matomo(server, 'CustomDimensions.configureNewCustomDimension', dimension), { value: 1 })
  return idSite
}

/** Comes from the news, does one of everything, goes on, reloads, leaves. Gives the visitor's id from the cookie. */
export async function visitShop(server, context) {
  const page = await context.newPage()
  let hits = await server.counter('hits_journaled_total')
  const then = async act => {
    await act()
    await server.journaled(++hits)
  }
  await page.goto('http://news.test/article')
  await then(() => page.click('a'))
  const first = await visitorCookie(context)
  await then(() => page.click('#event'))
  await then(() => page.click('#search'))
  await then(() => page.click('#download'))
  await then(() => page.click('#goal'))
  await then(() => page.click('#guide'))
  await then(() => page.reload())
  assert.deepEqual(await visitorCookie(context), first, 'the visitor is another one after the reload')
  await then(() => page.click('#outlink'))
  await page.waitForURL('http://elsewhere.test/maps')
  await context.close()
  return { visitorId: first.value.split('.')[0], hits }
}

/** The cookie that knows the visitor again, on the shop's host only. */
async function visitorCookie(context) {
  const found = (await context.cookies()).filter(cookie => cookie.name.startsWith('_pk_id.'))
  assert.equal(found.length, 1)
  const [{ name, value, domain: host, sameSite }] = found
  assert.match(name, /^_pk_id\.\d+\.[0-9a-f]{4}$/)
  assert.match(value, /^[0-9a-f]{16}\.\d{10}\.$/)
  assert.deepEqual({ host, sameSite }, { host: domain, sameSite: 'Lax' })
  return { name, value }
}

/** What Matomo's API must say. */
export async function matomoTellsOfShop(server, idSite, visitorId) {
  const ask = (method, parameters) => report(server, idSite, method, parameters)
  const visits = await ask('VisitsSummary.get')
  assert.deepEqual(only(visits, 'nb_visits', 'nb_uniq_visitors', 'nb_actions', 'max_actions', 'bounce_count', 'nb_visits_converted'), {
    nb_visits: 1,
    nb_uniq_visitors: 1,
    nb_actions: 7,
    max_actions: 7,
    bounce_count: 0,
    nb_visits_converted: 1
  })
  const actions = await ask('Actions.get')
  const counted = ['pageviews', 'uniq_pageviews', 'downloads', 'uniq_downloads', 'outlinks', 'uniq_outlinks', 'searches', 'keywords']
  assert.deepEqual(only(actions, ...counted.map(name => `nb_${name}`)), {
    nb_pageviews: 3,
    nb_uniq_pageviews: 2,
    nb_downloads: 1,
    nb_uniq_downloads: 1,
    nb_outlinks: 1,
    nb_uniq_outlinks: 1,
    nb_searches: 1,
    nb_keywords: 1
  })
  const flat = { flat: 1 }
  assert.deepEqual(column(await ask('Actions.getPageUrls', flat), 'nb_hits'), { '/': 1, '/guide': 2 })
  assert.deepEqual(column(await ask('Actions.getPageUrls', flat), 'nb_visits'), { '/': 1, '/guide': 1 })
  assert.deepEqual(column(await ask('Actions.getPageTitles'), 'nb_hits'), { ' Home': 1, ' Guide': 2 })
  assert.deepEqual(column(await ask('Actions.getEntryPageUrls', flat), 'entry_nb_visits'), { '/': 1 })
  assert.deepEqual(column(await ask('Actions.getExitPageUrls', flat), 'exit_nb_visits'), { '/guide': 1 })
  assert.deepEqual((await ask('Actions.getDownloads', flat)).map(row => [row.url, row.nb_hits]), [[`http://${domain}/files/sizes.pdf`, 1]])
  assert.deepEqual((await ask('Actions.getOutlinks', flat)).map(row => [row.url, row.nb_hits]), [['http://elsewhere.test/maps', 1]])
  assert.deepEqual(column(await ask('Actions.getSiteSearchKeywords'), 'nb_hits'), { boots: 1 })
  assert.deepEqual(column(await ask('Actions.getSiteSearchCategories'), 'nb_visits'), { catalogue: 1 })
  const [video, ...others] = await ask('Events.getCategory')
  assert.deepEqual(others, [])
  assert.deepEqual(only(video, 'label', 'nb_events', 'nb_events_with_value', 'sum_event_value', 'max_event_value'), {
    label: 'Video',
    nb_events: 1,
    nb_events_with_value: 1,
    sum_event_value: 7,
    max_event_value: 7
  })
  assert.deepEqual(column(await ask('Events.getAction'), 'nb_events'), { Play: 1 })
  assert.deepEqual(column(await ask('Events.getName'), 'nb_events'), { 'Boots in the snow': 1 })
  const goals = await ask('Goals.get', { idGoal: 1 })
  assert.deepEqual(only(goals, 'nb_conversions', 'nb_visits_converted', 'revenue'), { nb_conversions: 1, nb_visits_converted: 1, revenue: 12.5 })
  const customers = await ask('CustomDimensions.getCustomDimension', { idDimension: 1 })
  assert.deepEqual(column(customers, 'nb_visits'), { gold: 1 })
  assert.deepEqual(column(await ask('Referrers.getWebsites'), 'nb_visits'), { 'news.test': 1 })
  assert.deepEqual(column(await ask('DevicesDetection.getBrowsers'), 'nb_visits'), { Chrome: 1 })
  const [visit, ...more] = await ask('Live.getLastVisitsDetails')
  assert.deepEqual(more, [])
  assert.equal(visit.visitorId, visitorId)
  const types = visit.actionDetails.map(action => action.type)
  assert.deepEqual(types.filter(type => type !== 'goal'), ['action', 'event', 'search', 'download', 'action', 'action', 'outlink'])
  // Within one second, Matomo puts a goal before what is numbered.
  assert.equal(types.filter(type => type === 'goal').length, 1)
}

/** What Plausible's API must say. */
export async function plausibleTellsOfShop(server) {
  const totals = ['visitors', 'visits', 'pageviews', 'views_per_visit', 'bounce_rate', 'events']
  assert.deepEqual(await query(server, domain, totals), [{ dimensions: [], metrics: [1, 1, 3, 3, 0, 7] }])
  assert.deepEqual(await table(server, domain, ['visitors', 'pageviews'], 'event:page'), { '/': [1, 1], '/guide': [1, 2] })
  assert.deepEqual(await table(server, domain, ['visits'], 'visit:entry_page'), { '/': 1 })
  assert.deepEqual(await table(server, domain, ['visits'], 'visit:exit_page'), { '/guide': 1 })
  assert.deepEqual(await table(server, domain, ['visitors'], 'visit:source'), { 'news.test': 1 })
  assert.deepEqual(await table(server, domain, ['visitors'], 'visit:referrer'), { 'news.test': 1 })
  assert.deepEqual(await table(server, domain, ['visitors'], 'visit:channel'), { Referral: 1 })
  assert.deepEqual(await table(server, domain, ['visitors'], 'visit:browser'), { Chrome: 1 })
  assert.deepEqual(await table(server, domain, ['visitors'], 'visit:device'), { Desktop: 1 })
}
