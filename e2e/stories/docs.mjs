// A visit to documentation whose pages carry Plausible's script, and what both APIs must say of it.

import assert from 'node:assert/strict'
import { aggregate, column, noonZone, only, plausible, query, report, table } from '../harness/apis.mjs'
import { file, page } from '../harness/pages.mjs'

export const domain = 'docs.test'

/** Four screens high, whatever it holds. */
const tall = '<style>html, body { margin: 0; height: 2880px }</style>'

/** The pages: `snippet` is the tracker's, `signUp` what its button carries, `order` the call that its button makes. */
export const docsSites = ({ snippet, signUp, order }) => ({
  [domain]: {
    '/': page(
      'Docs',
      `<button id="sign-up" ${signUp}>Sign up</button> <button id="order" onclick="${order}">Order</button>
      <a id="download" href="/files/manual.pdf?v=2">Manual</a> <a id="outlink" href="http://elsewhere.test/code">Code</a>`,
      tall + snippet
    ),
    '/files/manual.pdf': file
  }
})

/** Makes the site with its goals; gives its number. */
export async function addDocs(server) {
  await plausible(server, 'POST', '/api/v1/sites', { domain, timezone: noonZone() })
  for (const event_name of ['Signup', 'Order', 'File Download', 'Outbound Link: Click']) {
    await plausible(server, 'PUT', '/api/v1/sites/goals', { site_id: domain, goal_type: 'event', event_name })
  }
  const sites = await plausible(server, 'GET', '/api/v1/sites')
  assert.deepEqual(sites.sites.map(site => site.domain), [domain])
}

/**
 * Reads, moves within the page by script and back, signs up, orders, downloads, reads to the end, leaves. Gives the page,
 * which is back at the start, and how many hits that makes.
 */
export async function visitDocs(server, context) {
  const page = await context.newPage()
  let hits = await server.counter('hits_journaled_total')
  const then = async (n, act) => {
    await act()
    await server.journaled((hits += n))
  }
  await then(1, () => page.goto(`http://${domain}/`))
  // Each turn of the page tells how far the one before was read.
  await then(2, () => page.evaluate(() => history.pushState({}, '', '/install')))
  await then(2, () => page.goBack())
  await then(1, () => page.click('#sign-up'))
  await then(1, () => page.click('#order'))
  await then(1, () => page.click('#download'))
  await page.evaluate(() => new Promise(resolve => {
    addEventListener('scroll', () => requestAnimationFrame(resolve), { once: true })
    scrollTo(0, document.documentElement.scrollHeight)
  }))
  await page.evaluate(() => document.querySelector('#outlink').focus({ preventScroll: true }))
  await then(2, () => page.keyboard.press('Enter'))
  await page.waitForURL('http://elsewhere.test/code')
  return { page, hits }
}

/** What Plausible's API must say. */
export async function plausibleTellsOfDocs(server) {
  assert.deepEqual(await aggregate(server, domain, ['visitors', 'visits', 'pageviews', 'events', 'views_per_visit', 'bounce_rate']), {
    visitors: 1,
    visits: 1,
    pageviews: 3,
    events: 7,
    views_per_visit: 3,
    bounce_rate: 0
  })
  assert.deepEqual(await table(server, domain, ['visitors', 'pageviews', 'scroll_depth'], 'event:page'), {
    '/': [1, 2, 100],
    '/install': [1, 1, 25]
  })
  assert.deepEqual(await table(server, domain, ['visitors', 'events', 'conversion_rate'], 'event:goal'), {
    'File Download': [1, 1, 100],
    Order: [1, 1, 100],
    'Outbound Link: Click': [1, 1, 100],
    Signup: [1, 1, 100]
  })
  const goal = name => [['is', 'event:goal', [name]]]
  assert.deepEqual(await table(server, domain, ['events'], 'event:props:plan', goal('Signup')), { team: 1 })
  assert.deepEqual(await table(server, domain, ['events'], 'event:props:item', goal('Order')), { boots: 1 })
  assert.deepEqual(await table(server, domain, ['events'], 'event:props:url', goal('File Download')), { [`http://${domain}/files/manual.pdf`]: 1 })
  assert.deepEqual(await table(server, domain, ['events'], 'event:props:url', goal('Outbound Link: Click')), { 'http://elsewhere.test/code': 1 })
  assert.deepEqual(await table(server, domain, ['visitors'], 'visit:source'), { 'Direct / None': 1 })
  assert.deepEqual(await query(server, domain, ['pageviews'], [], [['is', 'event:props:author', ['grace']]]), [{ dimensions: [], metrics: [3] }])
}

/** What Matomo's API must say. */
export async function matomoTellsOfDocs(server, idSite) {
  const ask = (method, parameters) => report(server, idSite, method, parameters)
  const visits = await ask('VisitsSummary.get')
  assert.deepEqual(only(visits, 'nb_visits', 'nb_uniq_visitors', 'nb_actions', 'bounce_count'), {
    nb_visits: 1,
    nb_uniq_visitors: 1,
    nb_actions: 7,
    bounce_count: 0
  })
  assert.deepEqual(only(await ask('Actions.get'), 'nb_pageviews', 'nb_uniq_pageviews'), { nb_pageviews: 3, nb_uniq_pageviews: 2 })
  assert.deepEqual(column(await ask('Actions.getPageUrls', { flat: 1 }), 'nb_hits'), { '/': 2, '/install': 1 })
  assert.deepEqual(column(await ask('Events.getAction'), 'nb_events'), { 'File Download': 1, Order: 1, 'Outbound Link: Click': 1, Signup: 1 })
  const [visit, ...more] = await ask('Live.getLastVisitsDetails')
  assert.deepEqual(more, [])
  const types = visit.actionDetails.map(action => action.type)
  assert.deepEqual(types, ['action', 'action', 'action', 'event', 'event', 'event', 'event'])
}
