// A shop with Matomo's snippet: once with our script, once with the original.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { script } from '../harness/pages.mjs'
import { openStage, statsHost } from '../harness/stage.mjs'
import { addShop, domain, matomoTellsOfShop, plausibleTellsOfShop, shopSites, visitShop } from '../stories/shop.mjs'

/** The original script, from the checkout of matomo-org/matomo that MATOMO_SRC names. */
const original = ['matomo.js', 'js/piwik.min.js']
  .map(name => join(process.env.MATOMO_SRC ?? '', name))
  .find(path => process.env.MATOMO_SRC && existsSync(path))

/** Has somebody visit a shop with the script at this address, and compares what both APIs say with what was done. */
async function shop(t, scriptUrl, ownScript) {
  let idSite
  const { server, somebody } = await openStage(t, async server => {
    idSite = await addShop(server)
    const sites = shopSites(scriptUrl, `http://${statsHost}/matomo.php`, idSite)
    if (ownScript) sites[domain]['/original.js'] = script(ownScript)
    return sites
  })
  const { visitorId, hits } = await visitShop(server, await somebody())
  await server.droppedNothing()
  assert.equal(await server.counter('hits_journaled_total'), hits)
  await plausibleTellsOfShop(server)
  await matomoTellsOfShop(server, idSite, visitorId)
}

test('our matomo.js', t => shop(t, `http://${statsHost}/matomo.js`))

if (original) {
  test('the original matomo.js', async t => shop(t, '/original.js', await readFile(original, 'utf8')))
} else {
  const notice = 'MATOMO_SRC names no checkout of matomo-org/matomo'
  console.log(`the original matomo.js is not tried: ${notice}`)
  test('the original matomo.js', { skip: notice }, () => {})
}
