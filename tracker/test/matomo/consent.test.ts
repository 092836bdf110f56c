import { expect, it } from 'vitest'
import { noon } from '../page'
import { openTracked } from './open'

const thirtyYears = 30 * 365 * 86_400_000

it('holds everything back until consent is given, then sends it and sets cookies', () => {
  const page = openTracked([['requireConsent'], ['trackPageView'], ['trackEvent', 'a', 'b']])
  expect([page.sent.length, page.document.cookie]).toEqual([0, ''])
  expect(page.tracker().getConsentRequestsQueue()).toHaveLength(2)
  expect(page.tracker().isUserOptedOut()).toBe(true)

  page.push('setConsentGiven')
  page.pass(1000)
  expect(page.requests().map(request => [request.get('e_a') || request.get('action_name') || request.get('ping')])).toEqual(
    [['Home'], ['b'], ['1']]
  )
  expect(page.requests().map(request => request.get('consent'))).toEqual(['1', '1', '1'])
  expect(page.cookie('_pk_id')).toBe(`abababababababab.${noon / 1000}.`)
  expect(page.cookie('mtm_consent')).toBeUndefined()
})

it('sends no ping when nothing had been sent before consent', () => {
  const page = openTracked([['requireConsent']])
  page.push('setConsentGiven')
  page.push('trackPageView')
  page.pass(1000)
  expect(page.requests().map(request => request.get('ping'))).toEqual([null])
})

it('forgets what was held back for an earlier page view', () => {
  const page = openTracked([['requireConsent'], ['trackPageView', 'first'], ['trackPageView', 'second']])
  page.push('setConsentGiven', false)
  page.pass(1000)
  expect(page.requests().map(request => request.get('action_name'))).toEqual(['second'])
})

it('remembers consent for so many hours', () => {
  const page = openTracked([['requireConsent']])
  page.push('rememberConsentGiven', 2)
  expect(page.cookies.find(cookie => cookie.startsWith('mtm_consent='))).toBe(
    `mtm_consent=${noon};expires=${new Date(noon + 7_200_000).toUTCString()};path=/;SameSite=Lax`
  )
  expect(page.tracker().getRememberedConsent()).toBe(String(noon))
  page.pass(7_200_000)
  expect(page.tracker().hasRememberedConsent()).toBe(false)
})

it('tracks at once where consent is remembered', () => {
  const page = openTracked([['requireConsent'], ['trackPageView']], { cookies: ['mtm_consent=1'] })
  expect(page.requests().map(request => request.get('consent'))).toEqual(['1'])
})

it('opts out: no request, no cookie but the refusal, on this page and the next', () => {
  const page = openTracked([['trackPageView']])
  page.push('optUserOut')
  page.push('trackEvent', 'a', 'b')
  page.pass(1000)
  expect(page.sent).toHaveLength(1)
  expect(page.document.cookie).toBe(`mtm_consent_removed=${noon}`)
  expect(page.cookies.find(cookie => cookie.startsWith('mtm_consent_removed'))).toBe(
    `mtm_consent_removed=${noon};expires=${new Date(noon + thirtyYears).toUTCString()};path=/;SameSite=Lax`
  )

  const next = openTracked([['trackPageView']], { cookies: [page.document.cookie] })
  expect([next.sent.length, next.tracker().isUserOptedOut()]).toEqual([0, true])
  next.push('forgetUserOptOut')
  expect(next.requests()).toHaveLength(1)
  expect(next.document.cookie).not.toContain('mtm_consent_removed')
})

it('heeds a refusal that another window has stored meanwhile', () => {
  const page = openTracked([['trackPageView']])
  page.document.cookie = 'mtm_consent_removed=1'
  page.push('trackEvent', 'a', 'b')
  page.pass(1000)
  expect(page.sent).toHaveLength(1)
})

it('tracks without cookies until consent to them is given, then tells the server the id', () => {
  const page = openTracked([['requireCookieConsent'], ['trackPageView']])
  expect([page.document.cookie, page.requests()[0].get('_id')]).toEqual(['', ''])
  page.push('rememberCookieConsentGiven')
  page.pass(1000)
  const [, ping] = page.requests()
  expect([ping.get('ping'), ping.get('_id')]).toEqual(['1', 'abababababababab'])
  expect(page.cookie('mtm_cookie_consent')).toBe(String(noon))
  expect(page.tracker().requireCookieConsent()).toBe(false)

  page.push('forgetCookieConsentGiven')
  expect([page.document.cookie, page.tracker().areCookiesEnabled()]).toEqual(['', false])
})

it.each([
  ['1', true, 0],
  ['yes', true, 0],
  ['0', true, 1],
  ['1', false, 1]
])('with doNotTrack %s, honoured %s, sends %i', (doNotTrack, enable, expected) => {
  const page = openTracked()
  Object.defineProperty(page.window.navigator, 'doNotTrack', { value: doNotTrack })
  page.push('setDoNotTrack', enable)
  page.push('trackPageView')
  expect(page.sent).toHaveLength(expected)
})

function optOutFrame(origin: string) {
  const page = openTracked([['trackPageView']], { html: '<iframe src="https://stats.example.org/optout"></iframe>' })
  const answers: [string, string][] = []
  const frame = page.document.querySelector('iframe')!
  Object.defineProperty(frame, 'contentWindow', {
    value: { postMessage: (message: string, target: string) => answers.push([message, target]) }
  })
  const say = (data: string) => page.window.dispatchEvent(new page.window.MessageEvent('message', { origin, data }))
  return { page, answers, say }
}

it('answers the opt-out frame of its own server', () => {
  const { page, answers, say } = optOutFrame('https://stats.example.org')
  say('{"maq_initial_value":true}')
  say('{"maq_opted_in":false}')
  expect(page.tracker().isUserOptedOut()).toBe(true)
  say('{"maq_opted_in":true}')
  expect(page.tracker().isUserOptedOut()).toBe(false)
  const common = { maq_url: 'https://stats.example.org/' }
  expect(answers.map(([message, target]) => [JSON.parse(message), target])).toEqual([
    [{ maq_opted_in: true, ...common, maq_optout_by_default: false }, 'https://stats.example.org'],
    [{ maq_confirm_opted_in: false, ...common, maq_optout_by_default: true }, 'https://stats.example.org'],
    [{ maq_confirm_opted_in: true, ...common, maq_optout_by_default: true }, 'https://stats.example.org']
  ])
})

it.each([
  ['https://evil.example', '{"maq_opted_in":false}'],
  ['https://stats.example.org', 'nonsense'],
  ['https://stats.example.org', 'null'],
  ['', '{"maq_opted_in":false}']
])('does not listen to %s saying %s', (origin, data) => {
  const { page, answers, say } = optOutFrame(origin)
  say(data)
  expect([answers, page.tracker().isUserOptedOut()]).toEqual([[], false])
})
