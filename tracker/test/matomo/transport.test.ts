import { expect, it } from 'vitest'
import { openTracked, own } from './open'

const long = 'x'.repeat(2000)

it('puts short requests into the address of a beacon and long ones into its body', () => {
  const page = openTracked([['trackPageView', 'short'], ['trackPageView', long]])
  page.pass(1000)
  expect(page.sent.map(({ via, url, body }) => [via, url.split('?').length, body.slice(0, 12)])).toEqual([
    ['beacon', 2, ''],
    ['beacon', 1, 'action_name=']
  ])
})

it.each([
  [[['setRequestMethod', 'GET']], 'short', 'image'],
  [[['setRequestMethod', 'GET']], long, 'post'],
  [[['disableAlwaysUseSendBeacon']], 'short', 'image'],
  [[['disableAlwaysUseSendBeacon'], ['setRequestMethod', 'post']], 'short', 'post'],
  [[['setRequestMethod', 'POST']], 'short', 'beacon']
])('after %j sends %.5s… by %s', (calls, title, via) => {
  const page = openTracked([...(calls as unknown[][]), ['trackPageView', title]])
  page.pass(100)
  expect(page.sent.map(one => one.via)).toEqual([via])
})

it('falls back to an image where there is no beacon', () => {
  const page = openTracked([['trackPageView']], { withoutBeacon: true })
  expect(page.sent.map(one => one.via)).toEqual(['image'])
  expect(page.requests()[0].get('send_image')).toBe('1')
})

it('tells the page how a request went', () => {
  const page = openTracked()
  const outcomes: Record<string, unknown>[] = []
  const tell = (outcome: Record<string, unknown>) => outcomes.push(outcome)
  page.push('trackPageView', 'a', null, tell)
  page.push('setRequestMethod', 'GET')
  page.push('trackPageView', 'b', null, tell)
  page.pass(1000)
  expect(outcomes.map(({ success, isSendBeacon, trackerUrl }) => [success, isSendBeacon, trackerUrl])).toEqual([
    [true, true, 'https://stats.example.org/matomo.php'],
    [true, undefined, 'https://stats.example.org/matomo.php']
  ])
  expect(String(outcomes[1].request)).toMatch(/^action_name=b&idsite=1&/)
})

it('leaves a gap after the first request, so that the server knows the visitor', () => {
  const page = openTracked([['trackPageView'], ['trackEvent', 'a', 'b'], ['trackEvent', 'c', 'd']])
  const counts = [0, 799, 1, 50].map(wait => page.pass(wait) ?? page.sent.length)
  expect(counts).toEqual([1, 1, 2, 3])
})

it('sends what waits for the gap when the page is left, once', () => {
  const page = openTracked([['trackPageView'], ['trackLink', 'https://other.example/', 'link']])
  expect(page.sent).toHaveLength(1)
  page.leave()
  expect(page.requests().map(own)[1]).toMatchObject({ link: 'https://other.example/' })
  page.pass(2000)
  expect(page.sent).toHaveLength(2)
})

it('collects queued requests and sends them together', () => {
  const page = openTracked()
  page.push('queueRequest', 'a=1')
  page.pass(2000)
  page.push('queueRequest', 'a=2')
  page.pass(2499)
  expect(page.sent).toHaveLength(0)
  page.pass(1)
  expect(page.sent.map(({ via, url }) => [via, url])).toEqual([['beacon', 'https://stats.example.org/matomo.php']])
  expect(JSON.parse(page.sent[0].body)).toMatchObject({ send_image: 0 })
  expect(page.requests().map(own)).toEqual([{ a: '1' }, { a: '2' }])
})

it('sends bulks of fifty', () => {
  const page = openTracked()
  for (let at = 0; at < 51; at++) {
    page.push('queueRequest', 'a=' + at)
  }
  page.pass(2500)
  expect(page.sent.map(({ body }) => JSON.parse(body).requests.length)).toEqual([50, 1])
})

it('sends a queue of one as a plain request, and at once when queues are off', () => {
  const page = openTracked([['disableQueueRequest'], ['queueRequest', 'a=1', true]])
  expect(page.sent.map(({ url }) => url.split('?')[1])).toEqual(['a=1&uadata=%7B%7D'])
})

it('does not wait for the queue when the page goes away', () => {
  const page = openTracked()
  page.push('queueRequest', 'a=1')
  page.show('hidden', false)
  expect(page.requests().map(own)).toEqual([{ a: '1' }])
})

it('refuses an interval that is too short', () => {
  expect(() => openTracked().tracker().setRequestQueueInterval(999)).toThrow('interval is below 1000')
})

it('lets the page process requests', () => {
  const page = openTracked()
  page.push('setCustomRequestProcessing', (request: string) => request.replace('action_name=Home', 'action_name=Else'))
  page.push('trackPageView')
  expect(page.requests()[0].get('action_name')).toBe('Else')
})

it('waits for client hints, and sends them along', async () => {
  const hints = {
    brands: [{ brand: 'A', version: '1' }],
    platform: 'Linux',
    getHighEntropyValues: (names: string[]) =>
      Promise.resolve({
        brands: [],
        uaFullVersion: '1',
        fullVersionList: [{ brand: 'A', version: '1.2.3' }],
        model: String(names.length)
      })
  }
  const page = openTracked([['trackPageView']], { hints })
  expect(page.sent).toHaveLength(0)
  await page.settle()
  expect(JSON.parse(page.requests()[0].get('uadata')!)).toEqual({
    fullVersionList: [{ brand: 'A', version: '1.2.3' }],
    model: '7'
  })
})

it('does not wait for hints when features are not to be detected, or the page goes away', () => {
  const never = { getHighEntropyValues: () => new Promise(() => undefined) }
  const page = openTracked([['disableBrowserFeatureDetection'], ['trackPageView']], { hints: never })
  expect(page.requests().map(request => [request.get('uadata'), request.get('res')])).toEqual([['{}', null]])

  const left = openTracked([['trackPageView']], { hints: never })
  left.window.Date.now = () => Infinity // Or leaving would wait for a clock that stands still.
  left.window.dispatchEvent(new left.window.Event('beforeunload'))
  expect(left.sent).toHaveLength(1)
})

it('pings when a visitor turns away after having looked for a while', () => {
  const page = openTracked([['enableHeartBeatTimer', 6], ['trackPageView']])
  const blur = () => page.window.dispatchEvent(new page.window.Event('blur'))
  page.window.dispatchEvent(new page.window.Event('focus'))
  page.pass(5000)
  blur()
  page.pass(1001)
  blur()
  page.pass(1000)
  blur()
  expect(page.requests().map(request => request.get('ping'))).toEqual([null, '1'])
  page.push('disableHeartBeatTimer')
  page.pass(60_000)
  blur()
  expect(page.sent).toHaveLength(2)
})

it('reports script errors once a page view, and passes them on', () => {
  const passed: unknown[] = []
  const page = openTracked([], { globals: { onerror: (...given: unknown[]) => passed.push(given) && 'handled' } })
  page.push('enableJSErrorTracking')
  const fail = () => page.window.onerror!('Broken', 'https://example.org/a.js', 4, 2)
  expect([fail(), fail()]).toEqual(['handled', 'handled'])
  expect(passed).toHaveLength(2)
  const expected = { e_c: 'JavaScript Errors', e_a: 'https://example.org/a.js:4:2', e_n: 'Broken', ca: '1' }
  expect(page.requests().map(own)).toEqual([expected])
})

it('marks the requests of an installation check and closes its window', () => {
  const page = openTracked([], { url: 'https://example.org/?tracker_install_check=abc' })
  let closed = 0
  page.window.close = () => closed++
  page.push('trackPageView')
  expect([page.requests()[0].get('tracker_install_check'), closed]).toEqual(['abc', 1])
})

it('counts a prerendered page when it is shown', () => {
  const open = (count: boolean) => {
    const page = openTracked()
    Object.defineProperty(page.document, 'prerendering', { value: true })
    page.push('setCountPreRendered', count)
    page.push('trackPageView')
    return page
  }
  expect(open(true).sent).toHaveLength(1)
  const page = open(false)
  expect(page.sent).toHaveLength(0)
  page.document.dispatchEvent(new page.window.Event('prerenderingchange'))
  expect(page.sent).toHaveLength(1)
})
