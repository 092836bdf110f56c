// Visitors who opt out by what websites embed from a Matomo: the script, its code that stands alone, and the frame.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matomo } from '../harness/apis.mjs'
import { eventually } from '../harness/eventually.mjs'
import { page } from '../harness/pages.mjs'
import { openStage, statsHost } from '../harness/stage.mjs'

const optOut = `http://${statsHost}/index.php?module=CoreAdminHome&action=optOut`
const out = 'Your visits are not counted. Tick this box to opt in again.'
const counted = 'Your visits are counted. Clear this box to opt out.'

/** A page with the tracking code, where `body` stands, and one without. */
function pages(idSite, body) {
  const snippet = `<script>
    var _paq = window._paq = [['setTrackerUrl', 'http://${statsHost}/matomo.php'], ['setSiteId', '${idSite}'], ['trackPageView']];
  </script><script async src="http://${statsHost}/matomo.js"></script>`
  return { 'site.test': { '/': page('Privacy', body, snippet), '/bare': page('Privacy', body) } }
}

async function open(t, bodyOf) {
  const stage = await openStage(t, async server => {
    const { value } = await matomo(server, 'SitesManager.addSite', { siteName: 'Site', 'urls[0]': 'http://site.test' })
    return pages(value, await bodyOf(server))
  })
  return { server: stage.server, context: await stage.somebody() }
}

const names = async context => (await context.cookies('http://site.test/')).map(({ name }) => name).filter(name => name.startsWith('mtm_'))

test('by the script, with a tracker', async t => {
  const { server, context } = await open(t, () => `<div id="matomo-opt-out"></div><script src="${optOut}JS&showIntro=0"></script>`)
  const tab = await context.newPage()
  await tab.goto('http://site.test/')
  await server.journaled(1)
  const label = tab.locator('#matomo-opt-out label')
  await eventually(async () => assert.equal(await label.textContent(), counted))
  await tab.click('#trackVisits')
  await eventually(async () => assert.equal(await label.textContent(), out))
  await eventually(async () => assert.deepEqual(await names(context), ['mtm_consent_removed']))
  await tab.reload()
  await eventually(async () => assert.equal(await label.textContent(), out))
  assert.equal(await server.counter('hits_journaled_total'), 1)
  await tab.click('#trackVisits')
  await eventually(async () => assert.equal((await names(context)).includes('mtm_consent_removed'), false))
  await tab.reload()
  await server.journaled(2)
})

test('by the script, without a tracker, and by the code that stands alone', async t => {
  const look = { backgroundColor: 'FFFFFF', fontColor: '000000', fontSize: '12px', fontFamily: 'Arial', applyStyling: 1 }
  const bodies = [
    () => `<div id="here"></div><script src="${optOut}JS&divId=here&showIntro=0&useCookiesTimeout=0"></script>`,
    async server => (await matomo(server, 'CoreAdminHome.getOptOutSelfContainedEmbedCode', { ...look, showIntro: 0 })).value
  ]
  for (const bodyOf of bodies) {
    const { server, context } = await open(t, bodyOf)
    const tab = await context.newPage()
    await tab.goto('http://site.test/bare')
    await eventually(async () => assert.equal(await tab.locator('label').textContent(), counted))
    await tab.click('#trackVisits')
    assert.deepEqual(await names(context), ['mtm_consent_removed'])
    // The tracker of the website's other pages keeps to it.
    await tab.goto('http://site.test/')
    await eventually(async () => assert.equal(await tab.locator('label').textContent(), out))
    assert.equal(await server.counter('hits_journaled_total'), 0)
  }
})

test('in the frame, whose choice the tracker around it keeps', async t => {
  const { server, context } = await open(t, () => `<iframe src="${optOut}&language=en"></iframe>`)
  const tab = await context.newPage()
  await tab.goto('http://site.test/')
  await server.journaled(1)
  const frame = tab.frameLocator('iframe')
  // The frame asks once; a tracker that was not there yet is asked by another look at the page.
  await eventually(async () => {
    await tab.reload()
    await frame.locator('#trackVisits').click()
    await eventually(async () => assert.deepEqual(await names(context), ['mtm_consent_removed']), 1000)
  })
  assert.equal(await frame.locator('#labelOptIn').isVisible(), true)
})

test('in the frame alone, in a cookie of the server', async t => {
  const { server, context } = await open(t, () => '')
  const tab = await context.newPage()
  await tab.goto(`${optOut}&language=en`)
  const [answer] = await Promise.all([context.waitForEvent('page'), tab.click('#trackVisits')])
  await answer.waitForEvent('close', { timeout: 10_000 }).catch(() => {})
  const kept = async () => (await context.cookies(optOut)).map(({ name, value }) => [name, value])
  await eventually(async () => assert.deepEqual(await kept(), [['matomo_ignore', 'ignore%3DKg%3D%3D']]))
  await tab.reload()
  assert.equal(await tab.locator('#trackVisits').isChecked(), false)
  await tab.goto(`http://${statsHost}/matomo.php?idsite=1&rec=1&url=http%3A%2F%2Fsite.test%2F`)
  const today = { idSite: 1, period: 'day', date: 'today' }
  assert.deepEqual(await matomo(server, 'VisitsSummary.getVisits', today), { value: 0 })
})
