import { describe, expect, it } from 'vitest'
import { openScripted } from './open'

const pageview = { n: 'pageview', v: 1, u: 'https://example.org/path', d: 'example.org', r: null }

it('sends the page view, without cookies or storage', () => {
  const page = openScripted([], { referrer: 'https://search.example/' })
  expect(page.sent.map(({ via, url }) => [via, url])).toEqual([['fetch', 'https://stats.example/api/event']])
  expect(page.events()).toEqual([{ ...pageview, r: 'https://search.example/' }])
  expect([page.cookies, page.window.localStorage.length]).toEqual([[], 0])
})

it('sends to the address that the tag names', () => {
  expect(openScripted([], { tag: { 'data-api': '/proxy/event' } }).sent[0].url).toBe('/proxy/event')
})

it('finds its tag by id in compatibility mode, and posts where there is no fetch', () => {
  const page = openScripted(['compat'], { globals: { fetch: undefined } })
  expect(page.sent.map(({ via, url }) => [via, url])).toEqual([['post', 'https://stats.example/api/event']])
  expect(page.events()).toEqual([pageview])
  let outcome: unknown
  page.plausible('A', { callback: (given: unknown) => (outcome = given) })
  page.pass(1)
  expect(outcome).toEqual({ status: 204 })
})

it('sends custom events as the page describes them', () => {
  const page = openScripted(['revenue', 'manual'])
  page.plausible('Buy', { props: { plan: 'big' }, interactive: false, revenue: { amount: 5, currency: 'EUR' }, u: 'https://a/' })
  page.plausible('Old', { meta: { a: 1 }, url: 'https://b/' })
  expect(page.events()).toEqual([
    {
      n: 'Buy',
      v: 1,
      u: 'https://a/',
      d: 'example.org',
      r: null,
      p: { plan: 'big' },
      i: false,
      $: { amount: 5, currency: 'EUR' }
    },
    { n: 'Old', v: 1, u: 'https://b/', d: 'example.org', r: null, p: { a: 1 } }
  ])
})

it('ignores what its extensions do not cover', () => {
  const page = openScripted()
  page.plausible('Buy', { revenue: { amount: 5, currency: 'EUR' }, u: 'https://a/' })
  expect(page.events()[1]).toEqual({ ...pageview, n: 'Buy' })
})

it('carries out what the page asked for before it came, after the page view', () => {
  const page = openScripted([], { globals: { plausible: { q: [['Early', { props: { a: 1 } }]] } } })
  expect(page.events().map(({ n, p }) => [n, p])).toEqual([
    ['pageview', undefined],
    ['Early', { a: 1 }]
  ])
})

it('tells the page how it went', async () => {
  const page = openScripted()
  const outcomes: unknown[] = []
  page.plausible('A', { callback: (outcome: unknown) => outcomes.push(outcome) })
  page.window.fetch = () => page.window.Promise.reject('offline')
  page.plausible('B', { callback: (outcome: unknown) => outcomes.push(outcome) })
  await page.settle()
  expect(outcomes).toEqual([{ status: 202 }, { error: 'offline' }])
})

describe('moving within the page', () => {
  it('follows the path', () => {
    const page = openScripted()
    page.window.history.pushState({}, '', '/next')
    page.window.history.pushState({}, '', '/next?only=query')
    page.window.history.replaceState({}, '', '/replaced')
    page.window.dispatchEvent(new page.window.Event('popstate'))
    const views = page.events().filter(({ n }) => n === 'pageview')
    expect(views.map(({ u }) => u)).toEqual(['https://example.org/path', 'https://example.org/next', 'https://example.org/replaced'])
  })

  it('follows the fragment in hash mode', () => {
    const page = openScripted(['hash'], { url: 'https://example.org/#/a' })
    page.window.history.replaceState({}, '', '/#/b')
    page.window.dispatchEvent(new page.window.Event('hashchange'))
    page.window.history.pushState({}, '', '/c')
    const views = page.events().filter(({ n }) => n === 'pageview')
    expect(views.map(({ u, h }) => [u, h])).toEqual([
      ['https://example.org/#/a', 1],
      ['https://example.org/#/b', 1]
    ])
  })

  it('leaves page views to the page in manual mode', () => {
    const page = openScripted(['manual'])
    page.window.history.pushState({}, '', '/next')
    expect(page.sent).toEqual([])
    page.plausible('pageview', { u: 'https://example.org/mine' })
    expect(page.events().map(({ u }) => u)).toEqual(['https://example.org/mine'])
  })

  it('counts a page restored from the back-forward cache', () => {
    const page = openScripted()
    for (const persisted of [false, true]) {
      page.window.dispatchEvent(new page.window.PageTransitionEvent('pageshow', { persisted }))
    }
    expect(page.events().filter(({ n }) => n === 'pageview')).toHaveLength(2)
  })

  it('waits until a page is shown', () => {
    const page = openScripted([], { isHidden: true })
    page.show('hidden', false)
    expect(page.sent).toHaveLength(0)
    page.show('visible', true)
    page.show('visible', true)
    expect(page.events()).toEqual([pageview])
  })
})

describe('reasons not to count', () => {
  function ignored(extensions: string[], options: Parameters<typeof openScripted>[1], before?: (window: any) => void) {
    const page = openScripted(['manual', ...extensions], options)
    before?.(page.window)
    let outcome: unknown = 'not called'
    page.plausible('pageview', { callback: (given: unknown) => (outcome = given) })
    return { sent: page.sent.length, warnings: page.warnings, outcome }
  }

  it.each([
    ['http://localhost/'],
    ['http://localhost:3000/a'],
    ['http://127.0.0.1/'],
    ['http://127.1/'],
    ['http://[::1]/'],
    ['file:///a.html']
  ])('a developer’s machine: %s', url => {
    const expected = { sent: 0, warnings: ['Ignoring Event: localhost'], outcome: undefined }
    expect(ignored([], { url })).toEqual(expected)
    const counted = openScripted(['local'], { url, tag: { src: 'https://stats.example/js/script.js' } })
    expect(counted.sent).toHaveLength(1)
  })

  it.each([['http://localhost.example/'], ['http://127.0.0.1.example/'], ['http://mylocalhost/']])('not %s', url => {
    expect(ignored([], { url }).sent).toBe(1)
  })

  it.each([['_phantom'], ['__nightmare'], ['Cypress']])('a robot: %s, quietly', name => {
    const expected = { sent: 0, warnings: [], outcome: undefined }
    expect(ignored([], {}, window => (window[name] = true))).toEqual(expected)
    expect(ignored([], {}, window => Object.assign(window, { [name]: true, __plausible: true })).sent).toBe(1)
  })

  it('a visitor who wants to be left out', () => {
    const expected = { sent: 0, warnings: ['Ignoring Event: localStorage flag'], outcome: undefined }
    expect(ignored([], {}, window => window.localStorage.setItem('plausible_ignore', 'true'))).toEqual(expected)
    expect(ignored([], {}, window => window.localStorage.setItem('plausible_ignore', 'false')).sent).toBe(1)
  })

  it.each([
    ['/path', '', true],
    ['/pat*', '', true],
    ['/*', '', true],
    ['/path/', '', false],
    ['/other, /path', '', true],
    ['/p', '', false],
    ['/**', '', true],
    ['', '/path', false],
    ['', '/other', true],
    ['', '/other,/p*', false]
  ])('paths to exclude %j, to include %j: %s', (exclude, include, isIgnored) => {
    const tag = { 'data-exclude': exclude, 'data-include': include }
    const expected = isIgnored ? ['Ignoring Event: exclusion rule'] : []
    const { sent, warnings } = ignored(['exclusions'], { tag })
    expect([sent, warnings]).toEqual([isIgnored ? 0 : 1, expected])
  })

  it('excludes page views only', () => {
    const page = openScripted(['exclusions'], { tag: { 'data-exclude': '/path' } })
    page.plausible('Signup')
    expect(page.events().map(({ n }) => n)).toEqual(['Signup'])
  })

  it('matches one name by one star and any number by two', () => {
    const sent = (exclude: string) =>
      openScripted(['exclusions'], { url: 'https://example.org/blog/a/b', tag: { 'data-exclude': exclude } }).sent.length
    expect([sent('/blog/*'), sent('/blog/**'), sent('/blog/*/b'), sent('/**/b')]).toEqual([1, 0, 0, 0])
  })

  it('takes in the fragment in hash mode', () => {
    const sent = (exclude: string) =>
      openScripted(['exclusions', 'hash'], { url: 'https://example.org/#/secret', tag: { 'data-exclude': exclude } }).sent
        .length
    expect([sent('/#/secret'), sent('/')]).toEqual([0, 1])
  })
})

it('adds properties that its tag states, unless the page says otherwise', () => {
  const page = openScripted(['pageview-props'], { tag: { 'event-author': 'Jo', 'event-kind': 'post' } })
  page.plausible('Read', { props: { kind: 'note' } })
  expect(page.events().map(({ p }) => p)).toEqual([
    { author: 'Jo', kind: 'post' },
    { author: 'Jo', kind: 'note' }
  ])
})
