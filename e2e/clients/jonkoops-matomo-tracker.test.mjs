// npm's `@jonkoops/matomo-tracker`, which applications in the browser measure with: it loads our matomo.js and drives it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { column, matomo, only, report } from '../harness/apis.mjs'
import { bundled } from '../harness/bundle.mjs'
import { page } from '../harness/pages.mjs'
import { openStage, statsHost } from '../harness/stage.mjs'
import { addShop, domain } from '../stories/shop.mjs'

const application = idSite => `
  import MatomoTracker from '@jonkoops/matomo-tracker'
  window.tracker = new MatomoTracker({
    urlBase: 'http://${statsHost}',
    siteId: ${idSite},
    userId: 'ada@example.org',
    heartBeat: { active: false },
    configurations: { disableCookies: true, setRequestMethod: 'POST' }
  })
  addEventListener('load', () => {
    tracker.trackPageView({ customDimensions: [{ id: 1, value: 'gold' }] })
    tracker.trackEvents()
  })`

const body = `
  <button id="play" data-matomo-event="click" data-matomo-category="Video" data-matomo-action="Play"
    data-matomo-name="Boots in the snow" data-matomo-value="7">Play</button>
  <a id="outlink" href="http://elsewhere.test/maps">Find us</a>`

const boots = { sku: 'B-7', productName: 'Boots', productCategory: 'Shoes', productPrice: 40 }

test('@jonkoops/matomo-tracker', async t => {
  let idSite
  const { server, somebody } = await openStage(t, async server => {
    idSite = await addShop(server)
    await matomo(server, 'SitesManager.updateSite', { idSite, ecommerce: 1 })
    const start = page('Home', body, '<script defer src="/bundle.js"></script>')
    return { [domain]: { '/': start, '/bundle.js': await bundled(application(idSite)) } }
  })
  const tab = await (await somebody()).newPage()
  let hits = 0
  const then = async act => {
    await act()
    await server.journaled(++hits)
  }
  /** Calls a method of the tracker. */
  const call = (method, given) => tab.evaluate(([method, given]) => tracker[method](given), [method, given])

  await then(() => tab.goto(`http://${domain}/`))
  await then(() => tab.click('#play'))
  await then(() => call('trackEvent', { category: 'Video', action: 'Stop', name: 'Boots in the snow', href: `http://${domain}/cinema` }))
  await then(() => call('trackSiteSearch', { keyword: 'laces', category: 'catalogue', count: 4 }))
  await then(() => call('trackLink', { href: `http://${domain}/files/sizes.pdf`, linkType: 'download' }))
  await call('setEcommerceView', boots)
  await then(() => call('trackPageView', { href: `http://${domain}/boots`, documentTitle: 'Boots' }))
  await call('setEcommerceCategoryView', 'Shoes')
  await then(() => call('trackPageView', { href: `http://${domain}/shoes`, documentTitle: 'Shoes' }))
  await call('addEcommerceItem', { ...boots, productQuantity: 2 })
  await call('addEcommerceItem', { sku: 'L-1', productName: 'Laces', productCategory: 'Shoes', productPrice: 20 })
  await then(() => call('trackEcommerceCartUpdate', 100))
  await call('removeEcommerceItem', { sku: 'L-1' })
  await then(() => call('trackEcommerceOrder', { orderId: 'A-1', orderRevenue: 99, orderSubTotal: 80, taxAmount: 15, shippingAmount: 4 }))
  await then(() => tab.click('#outlink'))
  await tab.waitForURL('http://elsewhere.test/maps')
  await server.droppedNothing()
  assert.equal(await server.counter('hits_journaled_total'), hits)

  const ask = (method, parameters) => report(server, idSite, method, parameters)
  assert.deepEqual(only(await ask('VisitsSummary.get'), 'nb_visits', 'nb_uniq_visitors', 'nb_users', 'nb_actions', 'nb_visits_converted'), {
    nb_visits: 1,
    nb_uniq_visitors: 1,
    nb_users: 1,
    nb_actions: 8,
    nb_visits_converted: 1
  })
  assert.deepEqual(column(await ask('Actions.getPageUrls', { flat: 1 }), 'nb_hits'), { '/': 1, '/boots': 1, '/shoes': 1 })
  assert.deepEqual(column(await ask('Actions.getPageTitles'), 'nb_hits'), { ' Home': 1, ' Boots': 1, ' Shoes': 1 })
  assert.deepEqual((await ask('Actions.getDownloads', { flat: 1 })).map(row => row.url), [`http://${domain}/files/sizes.pdf`])
  assert.deepEqual((await ask('Actions.getOutlinks', { flat: 1 })).map(row => row.url), ['http://elsewhere.test/maps'])
  assert.deepEqual(column(await ask('Actions.getSiteSearchKeywords'), 'nb_hits'), { laces: 1 })
  assert.deepEqual(column(await ask('Events.getAction'), 'nb_events'), { Play: 1, Stop: 1 })
  assert.deepEqual(column(await ask('Events.getName'), 'sum_event_value'), { 'Boots in the snow': 7 })
  assert.deepEqual(column(await ask('CustomDimensions.getCustomDimension', { idDimension: 1 }), 'nb_visits'), { gold: 1 })
  assert.deepEqual(column(await ask('UserId.getUsers'), 'nb_visits'), { 'ada@example.org': 1 })
  const [product, ...others] = await ask('Goals.getItemsSku')
  assert.deepEqual(others, [])
  assert.deepEqual(only(product, 'label', 'revenue', 'quantity', 'orders', 'nb_visits', 'avg_price'), {
    label: 'B-7',
    revenue: 80,
    quantity: 2,
    orders: 1,
    nb_visits: 1,
    avg_price: 40
  })
  assert.deepEqual(column(await ask('Goals.getItemsCategory'), 'nb_visits'), { Shoes: 1 })
  const order = await ask('Goals.get', { idGoal: 'ecommerceOrder' })
  assert.deepEqual(only(order, 'nb_conversions', 'items', 'revenue', 'revenue_tax', 'revenue_shipping'), {
    nb_conversions: 1,
    items: 2,
    revenue: 99,
    revenue_tax: 15,
    revenue_shipping: 4
  })
})
