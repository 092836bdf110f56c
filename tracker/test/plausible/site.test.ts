import { expect, it } from 'vitest'
import { openSite } from './open'

const links = '<a id="out" href="https://other.example/">x</a><a id="file" href="/a.pdf">x</a><a id="odd" href="/a.odd">x</a>'

it('waits for init, then carries out what was asked before', () => {
  const page = openSite({})
  page.plausible('Early')
  expect(page.sent).toEqual([])
  page.window.plausible.init()
  expect(page.events().map(({ n, u, d }) => [n, u, d])).toEqual([
    ['pageview', 'https://example.org/path', 'example.org'],
    ['Early', 'https://example.org/path', 'example.org']
  ])
  expect([page.window.plausible.l, page.window.plausible.s, page.window.plausible.v]).toEqual([true, 'web', 1])
})

it('starts at once when init came first, and only once', () => {
  const page = openSite({}, {})
  page.window.plausible.init({ endpoint: 'https://elsewhere.example/' })
  page.plausible('A')
  expect(page.sent.map(({ url }) => url)).toEqual(Array(2).fill('https://stats.example/api/event'))
  expect(page.warnings).toEqual(['plausible.init was called twice, the first call counts'])
})

it('takes options of the page over the site’s, but for the domain', () => {
  const page = openSite({ outboundLinks: true }, { endpoint: '/mine', domain: 'evil.example', outboundLinks: false }, { html: links })
  page.click('#out')
  expect(page.sent.map(({ url }) => url)).toEqual(['/mine'])
  expect(page.events()[0].d).toBe('example.org')
})

it.each([
  [{}, []],
  [{ outboundLinks: true }, ['Outbound Link: Click']],
  [{ fileDownloads: true }, ['File Download']],
  [{ fileDownloads: { fileExtensions: ['odd'] } }, ['File Download']]
])('with %j reports %j', (config, expected) => {
  const page = openSite(config, { autoCapturePageviews: false }, { html: links })
  page.document.addEventListener('click', event => event.preventDefault(), true)
  for (const link of ['#out', '#file', '#odd']) {
    page.click(link)
  }
  expect(page.events().map(({ n }) => n)).toEqual(expected)
})

it.each([
  ['<form></form>', true, ['Form: Submission']],
  ['<form></form>', false, []],
  ['<form><input required></form>', true, []],
  ['<form novalidate><input required></form>', true, ['Form: Submission']],
  ['<form class="plausible-event-name=Send"></form>', true, ['Send']]
])('reports the submission of %s with formSubmissions %s as %j', (html, formSubmissions, expected) => {
  const page = openSite({ formSubmissions }, { autoCapturePageviews: false }, { html })
  const form = page.document.querySelector('form')!
  form.dispatchEvent(new page.window.Event('submit', { bubbles: true, cancelable: true }))
  expect(page.events().map(({ n }) => n)).toEqual(expected)
})

it('adds custom properties, from an object or a function, below those of the event', () => {
  const fixed = openSite({ customProperties: { a: '1', b: '2' } }, { autoCapturePageviews: false })
  fixed.plausible('A', { props: { b: '3' } })
  const made = openSite({}, { autoCapturePageviews: false, customProperties: (event: string) => ({ event }) })
  made.plausible('A')
  expect([fixed.events()[0].p, made.events()[0].p]).toEqual([{ a: '1', b: '3' }, { event: 'A' }])
})

it('lets the page change or stop what is sent', () => {
  const transformRequest = (payload: { n: string; u: string }) =>
    payload.n === 'Secret' ? null : { ...payload, u: payload.u.replace('/path', '/') }
  const page = openSite({}, { transformRequest })
  let outcome: unknown = 'not called'
  page.plausible('Secret', { callback: (given: unknown) => (outcome = given) })
  page.show('hidden', false)
  expect(page.events().map(({ n, u }) => [n, u])).toEqual([
    ['pageview', 'https://example.org/'],
    ['engagement', 'https://example.org/']
  ])
  expect([page.warnings, outcome]).toEqual([['Ignoring Event: transformRequest'], undefined])
})

it('follows the fragment with hashBasedRouting', () => {
  const page = openSite({}, { hashBasedRouting: true })
  page.window.history.pushState({}, '', '/other')
  page.window.history.replaceState({}, '', '/other#/a')
  page.window.dispatchEvent(new page.window.Event('hashchange'))
  page.show('hidden', false)
  expect(page.events().map(({ n, u, h }) => [n, u, h])).toEqual([
    ['pageview', 'https://example.org/path', 1],
    ['engagement', 'https://example.org/path', 1],
    ['pageview', 'https://example.org/other#/a', 1],
    ['engagement', 'https://example.org/other#/a', 1]
  ])
})

it.each([
  [{}, 0, ['Ignoring Event: localhost']],
  [{ logging: false }, 0, []],
  [{ captureOnLocalhost: true }, 1, []]
])('on a developer’s machine with %j sends %i and warns %j', (init, sent, warnings) => {
  const page = openSite({}, init, { url: 'http://localhost/' })
  expect([page.sent.length, page.warnings]).toEqual([sent, warnings])
})

it('reports events for other addresses, revenue and tagged elements', () => {
  const page = openSite({}, { autoCapturePageviews: false }, { html: '<b class="plausible-event-name=Tap">x</b>' })
  page.plausible('Buy', { url: 'https://a/', revenue: { amount: 1, currency: 'USD' } })
  page.click('b')
  expect(page.events().map(({ n, u, $ }) => [n, u, $])).toEqual([
    ['Buy', 'https://a/', { amount: 1, currency: 'USD' }],
    ['Tap', 'https://example.org/path', undefined]
  ])
})
