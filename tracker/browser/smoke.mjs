// Opens pages with the built scripts in Chromium and looks at what arrives: the snippets as users paste them, real
// clicks, real scrolling, real leaving.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { assemble } from '../build/blocks.mjs'
import { configMark } from '../build/plausible.mjs'
import { hasChromium, withPage } from './chromium.mjs'

if (!hasChromium()) {
  console.log('skipped: there is no chromium')
  process.exit(0)
}

const server = createServer(answer)
await new Promise(resolve => server.listen(0, resolve))
const { port } = server.address()
const origin = `http://localhost:${port}`
const dist = fileURLToPath(new URL('../dist/', import.meta.url))

const filler = '<div style="height:4000px"></div>'
const pages = {
  '/matomo': `<!doctype html><title>Shop</title>
    <script>
      var _paq = window._paq = window._paq || [];
      _paq.push(['trackPageView']);
      _paq.push(['enableLinkTracking']);
      (function() {
        var u = '/';
        _paq.push(['setTrackerUrl', u + 'matomo.php']);
        _paq.push(['setSiteId', '7']);
        var d = document, g = d.createElement('script'), s = d.getElementsByTagName('script')[0];
        g.async = true; g.src = u + 'matomo.js'; s.parentNode.insertBefore(g, s);
      })();
    </script>
    <a id="out" href="http://127.0.0.1:${port}/empty">out</a> <a id="file" href="/empty.pdf">file</a>`,
  '/plausible': `<!doctype html><script defer data-domain="shop.example" src="/js/script.local.outbound-links.tagged-events.js"></script>
    <button class="plausible-event-name=Sign+up plausible-event-plan=big">x</button>
    <a id="out" href="http://127.0.0.1:${port}/empty">out</a>${filler}`,
  '/pa': `<!doctype html><script async src="/js/pa-abc.js"></script>
    <script>window.plausible=window.plausible||function(){(plausible.q=plausible.q||[]).push(arguments)},plausible.init=plausible.init||function(i){plausible.o=i||{}};plausible.init({captureOnLocalhost:true})</script>
    <script>window.__plausible = true; plausible('Early')</script>`,
  '/embed': `<!doctype html><iframe plausible-embed src="/dashboard"></iframe><script async src="/js/embed.host.js"></script>`,
  '/dashboard': `<script>addEventListener('message', e => e.data.type === 'footfall:resize' &&
    parent.postMessage({ type: 'footfall:height', height: 777 }, '*'))</script>`,
  '/empty': '<!doctype html>'
}

const scripts = {
  '/matomo.js': await readFile(dist + 'matomo.js', 'utf8'),
  '/js/script.local.outbound-links.tagged-events.js': assemble(
    await readFile(dist + 'plausible/script.js', 'utf8'),
    ['local', 'outbound-links', 'tagged-events']
  ),
  '/js/pa-abc.js': (await readFile(dist + 'plausible/pa.js', 'utf8')).replace(configMark, () =>
    JSON.stringify({ domain: 'shop.example', endpoint: '/api/event' })
  ),
  '/js/embed.host.js': await readFile(dist + 'embed.host.js', 'utf8')
}

const hits = []
const events = []
async function answer(request, response) {
  const chunks = []
  for await (const chunk of request) {
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks).toString('utf8')
  const [path, query] = request.url.split('?')
  if (path === '/matomo.php') {
    hits.push(Object.fromEntries(new URLSearchParams(query || body)))
  } else if (path === '/api/event') {
    events.push(JSON.parse(body))
    response.statusCode = 202
  }
  response.setHeader('content-type', path in scripts ? 'text/javascript' : 'text/html; charset=utf-8')
  response.end(scripts[path] || pages[path] || '')
}

async function arrive(list, count) {
  for (let tries = 0; list.length < count && tries < 600; tries++) {
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  assert.equal(list.length, count, `${list.length} arrived instead of ${count}: ${JSON.stringify(list)}`)
}

try {
  await withPage(async page => {
    const errors = []
    page.on('pageerror', error => errors.push(error.message))

    await page.goto(origin + '/matomo')
    await arrive(hits, 1)
    assert.deepEqual([hits[0].action_name, hits[0].idsite, hits[0].url], ['Shop', '7', origin + '/matomo'])
    assert.match(hits[0]._id, /^[0-9a-f]{16}$/)
    assert.match(hits[0].pf_srv, /^\d+$/)
    assert.ok(JSON.parse(hits[0].uadata).platform)
    await page.click('#file')
    await arrive(hits, 2)
    await page.goto(origin + '/matomo')
    await page.click('#out')
    await arrive(hits, 4)
    assert.deepEqual(
      hits.slice(1).map(({ download, action_name, link }) => download || action_name || link).sort(),
      ['Shop', `http://127.0.0.1:${port}/empty`, origin + '/empty.pdf'].sort()
    )
    assert.equal(new Set(hits.map(({ _id }) => _id)).size, 1)
    console.log(`matomo.js: ${hits.length} requests, one visitor`)

    await page.goto(origin + '/plausible')
    await arrive(events, 1)
    await page.click('button')
    await arrive(events, 2)
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    // A scroll is told to the page with its next frame.
    await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))))
    // Later, as the page that would answer is left by it.
    await page.evaluate(() => void setTimeout(() => document.querySelector('#out').click()))
    await page.waitForURL('**/empty')
    await arrive(events, 4)
    assert.deepEqual(
      events.map(({ n, p, sd }) => [n, p, sd]).sort(),
      [
        ['pageview', undefined, undefined],
        ['Sign up', { plan: 'big' }, undefined],
        ['Outbound Link: Click', { url: `http://127.0.0.1:${port}/empty` }, undefined],
        ['engagement', undefined, 100]
      ].sort()
    )
    assert.ok(events.every(({ d, u }) => d === 'shop.example' && u === origin + '/plausible'))
    console.log(`plausible/script.js: ${events.map(({ n }) => n).join(', ')}`)

    events.length = 0
    await page.goto(origin + '/pa')
    await arrive(events, 2)
    await page.evaluate(() => history.pushState({}, '', '/pa/next'))
    await arrive(events, 4)
    // What is sent at once may arrive in any order.
    assert.deepEqual(
      events.map(({ n, u }) => [n, u.slice(origin.length)]).sort(),
      [
        ['pageview', '/pa'],
        ['Early', '/pa'],
        ['engagement', '/pa'],
        ['pageview', '/pa/next']
      ].sort()
    )
    console.log(`plausible/pa.js: ${events.map(({ n }) => n).join(', ')}`)

    await page.goto(origin + '/embed')
    await page.waitForFunction(() => document.querySelector('iframe').style.height === '777px')
    console.log('embed.host.js: the frame has the height of the dashboard')

    assert.deepEqual(errors, [])
  })
} finally {
  server.closeAllConnections()
  server.close()
}
