import { expect, it } from 'vitest'
import { noon } from '../page'
import { openTracked, own } from './open'

it('sends a page view with everything a first visit says', () => {
  const page = openTracked([['trackPageView']], { referrer: 'https://search.example/?x=1' })
  const time = new Date(noon)
  expect(page.sent).toEqual([
    {
      via: 'beacon',
      body: '',
      url:
        'https://stats.example.org/matomo.php?action_name=Home&idsite=1&rec=1&r=5' +
        `&h=${time.getHours()}&m=0&s=0` +
        '&url=https%3A%2F%2Fexample.org%2Fpath%3Fq%3D1&urlref=https%3A%2F%2Fsearch.example%2F%3Fx%3D1' +
        '&_id=abababababababab&_idn=1&send_image=0&_refts=1795262400&_ref=https%3A%2F%2Fsearch.example%2F%3Fx%3D1' +
        '&pv_id=555555&uadata=%7B%7D&cookie=1&res=1280x720'
    }
  ])
})

it('says what was set for the visitor, the page and the hit', () => {
  const page = openTracked([
    ['setUserId', 'jo@example.org'],
    ['setCustomDimension', 1, 'gold'],
    ['setCustomDimension', 2, 'old'],
    ['setCustomVariable', 1, 'colour', 'red', 'page'],
    ['setCustomVariable', 2, 'size', 'big', 'visit'],
    ['appendToTrackingUrl', 'lat=1&long=2'],
    ['setCustomData', { more: true }],
    ['trackEvent', 'Video', 'Play', 'Intro', 2.5, { dimension2: 'new' }]
  ])
  expect(page.requests().map(own)).toEqual([
    {
      e_c: 'Video',
      e_a: 'Play',
      e_n: 'Intro',
      e_v: '2.5',
      ca: '1',
      uid: 'jo@example.org',
      dimension1: 'gold',
      dimension2: 'new',
      data: '{"more":true}',
      cvar: '{"1":["colour","red"]}',
      _cvar: '{"2":["size","big"]}',
      lat: '1',
      long: '2'
    }
  ])
})

it.each([
  [['trackGoal', 7, 12.5], { idgoal: '7', revenue: '12.5' }],
  [['trackSiteSearch', 'tea pot', 'shop', 0], { search: 'tea pot', search_cat: 'shop', search_count: '0' }],
  [['trackLink', 'https://other.example/a', 'link'], { link: 'https://other.example/a' }],
  [['trackRequest', 'a=1&b=2'], { a: '1', b: '2' }],
  [['ping'], { ping: '1' }]
])('sends %j', (call, expected) => {
  const page = openTracked([call as unknown[]])
  expect(page.requests().map(own)).toEqual([expected])
})

it('refuses events without category or action', () => {
  const page = openTracked([
    ['trackEvent', '', 'Play'],
    ['trackEvent', 'Video', '']
  ])
  expect(page.sent).toEqual([])
  expect(page.errors).toEqual(['event without category or action', 'event without category or action'])
})

it('gives every tracker the dimensions of a call', () => {
  const page = openTracked([['addTracker', null, 2], ['trackPageView', 'Both', { dimension1: 'x' }]])
  expect(page.requests().map(request => [request.get('idsite'), request.get('dimension1')])).toEqual([
    ['1', 'x'],
    ['2', 'x']
  ])
})

it('removes what must not be recorded from addresses', () => {
  const page = openTracked([
    ['setExcludedQueryParams', ['sid']],
    ['setCustomUrl', 'https://example.org/a?sid=1&b=2&pk_vid=3&ignore_referrer=1#frag'],
    ['discardHashTag', true],
    ['trackPageView']
  ])
  expect(page.requests()[0].get('url')).toBe('https://example.org/a?b=2')
})

it('strips campaigns when they are switched off', () => {
  const page = openTracked([['disableCampaignParameters'], ['trackPageView']], {
    url: 'https://example.org/?utm_source=a&mtm_campaign=b&pk_kwd=c&x=1'
  })
  const [request] = page.requests()
  expect(request.get('url')).toBe('https://example.org/?x=1')
  expect(request.get('_rcn')).toBeNull()
})

it('credits the campaign that opened the visit', () => {
  const page = openTracked([['trackPageView']], { url: 'https://example.org/?mtm_campaign=Spring&mtm_kwd=tea' })
  const [request] = page.requests()
  expect([request.get('_rcn'), request.get('_rck')]).toEqual(['Spring', 'tea'])
  expect(page.tracker().getAttributionInfo()).toEqual(['Spring', 'tea', 1795262400, ''])
})

it('sends no referrer that is on the list', () => {
  const page = openTracked([['trackPageView']], { referrer: 'https://www.paypal.com/pay' })
  expect(page.requests()[0].get('urlref')).toBeNull()
  expect(page.requests()[0].get('_ref')).toBeNull()
})

it('does not track pages opened from a disk, unless asked to', () => {
  expect(openTracked([['setCustomUrl', 'file:///a.html'], ['trackPageView']]).sent).toEqual([])
  const page = openTracked([['setCustomUrl', 'file:///a.html'], ['enableFileTracking'], ['trackPageView']])
  expect(page.requests()[0].get('url')).toBe('file:///a.html')
})

it('asks plugins for parameters', () => {
  const page = openTracked()
  page.tracker().addPlugin('mine', { log: () => '&mine=1', link: () => '&never=1' })
  page.push('trackPageView')
  expect(own(page.requests()[0])).toEqual({ action_name: 'Home', mine: '1' })
})

it('keeps the page view id over all requests of a page view', () => {
  const page = openTracked([['trackPageView'], ['setPageViewId', 'abc123'], ['trackEvent', 'a', 'b']])
  page.pass(1000)
  expect(page.requests().map(request => request.get('pv_id'))).toEqual(['555555', 'abc123'])
})
