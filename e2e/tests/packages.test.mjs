// The packages that other people's applications measure with: each really runs in a browser, and both figures and properties
// are what it was asked to send.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aggregate, plausible, query, table } from '../harness/apis.mjs'
import { bundled } from '../harness/bundle.mjs'
import { nextPages } from '../harness/next.mjs'
import { page } from '../harness/pages.mjs'
import { openStage, statsHost } from '../harness/stage.mjs'
import { addDocs, domain } from '../stories/docs.mjs'

/** A running server with the site's goals, and a page that runs a bundle. */
const stage = (t, bundle, body) =>
  openStage(t, async server => {
    await addDocs(server)
    const start = page('Docs', body, '<script defer src="/bundle.js"></script>')
    return { [domain]: { '/': start, '/bundle.js': await bundle(server) } }
  })

const goal = name => [['is', 'event:goal', [name]]]

test('plausible-tracker', async t => {
  const source = `
    import Plausible from 'plausible-tracker'
    const { enableAutoPageviews, enableAutoOutboundTracking, trackEvent } = Plausible({ domain: '${domain}', apiHost: 'http://${statsHost}' })
    enableAutoPageviews()
    addEventListener('load', () => enableAutoOutboundTracking())
    window.trackEvent = trackEvent`
  const body = `<button id="sign-up" onclick="trackEvent('Signup', { props: { plan: 'team' } })">Sign up</button>
    <a id="outlink" href="http://elsewhere.test/code">Code</a>`
  const { server, somebody } = await stage(t, () => bundled(source), body)
  const tab = await (await somebody()).newPage()
  await tab.goto(`http://${domain}/`)
  await server.journaled(1)
  await tab.evaluate(() => history.pushState({}, '', '/install'))
  await server.journaled(2)
  await tab.click('#sign-up')
  await server.journaled(3)
  await tab.click('#outlink')
  await tab.waitForURL('http://elsewhere.test/code')
  await server.journaled(4)
  await server.droppedNothing()

  assert.deepEqual(await aggregate(server, domain, ['visitors', 'visits', 'pageviews', 'events']), { visitors: 1, visits: 1, pageviews: 2, events: 4 })
  assert.deepEqual(await table(server, domain, ['pageviews'], 'event:page'), { '/': 1, '/install': 1 })
  assert.deepEqual(await table(server, domain, ['events', 'conversion_rate'], 'event:goal'), { 'Outbound Link: Click': [1, 100], Signup: [1, 100] })
  assert.deepEqual(await table(server, domain, ['events'], 'event:props:plan', goal('Signup')), { team: 1 })
  assert.deepEqual(await table(server, domain, ['events'], 'event:props:url', goal('Outbound Link: Click')), { 'http://elsewhere.test/code': 1 })
})

test('next-plausible', async t => {
  const { server, somebody } = await openStage(t, async server => {
    await addDocs(server)
    const site = await plausible(server, 'GET', `/api/v1/sites/${domain}`)
    return { [domain]: await nextPages(`http://${statsHost}/js/pa-${site.tracker_script_configuration.id}.js`) }
  })
  const tab = await (await somebody()).newPage()
  await tab.goto(`http://${domain}/`)
  await server.journaled(1)
  await tab.click('#sign-up')
  await server.journaled(2)
  // The page before tells how far it was read.
  await tab.click('#install')
  await tab.waitForURL(`http://${domain}/install`)
  await server.journaled(4)
  await server.droppedNothing()

  assert.deepEqual(await aggregate(server, domain, ['visitors', 'pageviews', 'events']), { visitors: 1, pageviews: 2, events: 3 })
  assert.deepEqual(await table(server, domain, ['pageviews'], 'event:page'), { '/': 1, '/install': 1 })
  assert.deepEqual(await table(server, domain, ['events'], 'event:props:plan', goal('Signup')), { team: 1 })
  assert.deepEqual(await query(server, domain, ['pageviews'], [], [['is', 'event:props:author', ['grace']]]), [{ dimensions: [], metrics: [2] }])
})
