import { expect, it } from 'vitest'
import { noon } from '../page'
import { openTracked } from './open'

// The four digits are the first of SHA-1 over domain and path, here of `example.org/`.
const hash = '3678'
const seconds = noon / 1000

it('names and fills its cookies as every tracker of the dialect does', () => {
  const page = openTracked([['trackPageView']], { referrer: 'https://search.example/' })
  expect(Object.fromEntries(page.document.cookie.split('; ').map(pair => pair.split('=')))).toEqual({
    [`_pk_id.1.${hash}`]: `abababababababab.${seconds}.`,
    [`_pk_ses.1.${hash}`]: '1',
    [`_pk_ref.1.${hash}`]: encodeURIComponent(`["","",${seconds},"https://search.example/"]`)
  })
})

it('knows a visitor again', () => {
  const page = openTracked([['trackPageView']], { cookies: [`_pk_id.1.${hash}=0123456789abcdef.${seconds - 1000}.`] })
  const [request] = page.requests()
  expect([request.get('_id'), request.get('_idn')]).toEqual(['0123456789abcdef', '0'])
  expect(page.cookie('_pk_id')).toBe(`0123456789abcdef.${seconds - 1000}.`)
  expect(page.tracker().getVisitorInfo().slice(0, 3)).toEqual(['0', '0123456789abcdef', String(seconds - 1000)])
})

it('counts thirteen months from the day a visitor was first seen', () => {
  const made = seconds - 86400
  const page = openTracked([], { cookies: [`_pk_id.1.${hash}=0123456789abcdef.${made}.`] })
  page.push('trackPageView')
  const lasting = (name: string, value: string, until: number) =>
    `${name}.1.${hash}=${value};expires=${new Date(until).toUTCString()};path=/;SameSite=Lax`
  expect(page.cookies).toEqual([
    lasting('_pk_id', `0123456789abcdef.${made}.`, noon - 86_400_000 + 33_955_200_000),
    lasting('_pk_ses', '1', noon + 1_800_000)
  ])
})

it('moves its cookies with prefix, domain and path', () => {
  const page = openTracked([
    ['setCookieNamePrefix', 'my_'],
    ['setCookieDomain', '*.example.org'],
    ['trackPageView']
  ])
  expect(page.tracker().getCookieDomain()).toBe('.example.org')
  expect(page.cookie('my_id.1.898a')).toBe(`abababababababab.${seconds}.`)
  page.push('setCookiePath', '/shop')
  expect(page.tracker().getCookie('id')).toBeNull()
})

it('refuses domains that the page may not write to', () => {
  const page = openTracked([['setCookieDomain', 'elsewhere.example']])
  expect(page.tracker().getCookieDomain()).toBeUndefined()
  expect(page.errors).toEqual([
    'cookie `_pk_testcookie_domain` was refused: check domain and path',
    'cookies are refused on `elsewhere.example`'
  ])
})

it.each([
  ['none', 'https://example.org/', 'None', true],
  ['NONE', 'http://example.org/', 'Lax', false],
  ['strict', 'http://example.org/', 'Strict', false],
  ['whatever', 'http://example.org/', 'Lax', false]
])('takes %s on %s as SameSite %s', (given, url, expected) => {
  const page = openTracked([['setCookieSameSite', given]], { url })
  expect(page.tracker().getConfigCookieSameSite()).toBe(expected)
})

it('sends no visitor id without cookies, and deletes those there were', () => {
  const page = openTracked([['disableCookies'], ['trackPageView']], {
    cookies: [`_pk_id.1.${hash}=0123456789abcdef.${seconds - 1000}.`, 'other=1']
  })
  expect(page.document.cookie).toBe('other=1')
  expect(page.requests()[0].get('_id')).toBe('')
})

it('does not stumble over cookies it did not write', () => {
  const page = openTracked([['trackPageView']], {
    cookies: [`_pk_id.1.${hash}=%E0%A4%A`, `_pk_ref.1.${hash}={}`, `_pk_cvar.1.${hash}=nonsense`]
  })
  expect(page.requests()).toHaveLength(1)
  expect(page.tracker().getCustomVariable(1)).toBe(false)
})

it('keeps the first or the last referrer', () => {
  const old = encodeURIComponent('["","",1700000000,"https://first.example/"]')
  const options = { referrer: 'https://last.example/', cookies: [`_pk_ref.1.${hash}=${old}`] }
  expect(openTracked([['trackPageView']], options).requests()[0].get('_ref')).toBe('https://last.example/')
  expect(
    openTracked([['setConversionAttributionFirstReferrer', true], ['trackPageView']], options).requests()[0].get('_ref')
  ).toBe('https://first.example/')
})

it('keeps custom variables of the visit when asked to', () => {
  const page = openTracked([['storeCustomVariablesInCookie'], ['setCustomVariable', 1, 'a', 'b'], ['trackPageView']])
  expect(page.cookie('_pk_cvar')).toBe(encodeURIComponent('{"1":["a","b"]}'))
  page.push('deleteCustomVariable', 1)
  page.push('trackPageView')
  page.pass(1000)
  expect(page.requests()[1].get('_cvar')).toBe('{"1":["",""]}')
  expect(page.cookie('_pk_cvar')).toBe(encodeURIComponent('{}'))
})

it('carries the visitor to other domains of the site', () => {
  const page = openTracked([['enableCrossDomainLinking'], ['setDomains', ['example.org', 'example.net']]], {
    html: '<a id="there" href="https://example.net/a?b=1#c">x</a><a id="here" href="https://example.org/">x</a>'
  })
  page.push('enableLinkTracking')
  page.click('#there')
  page.click('#here')
  const href = page.document.querySelector('#there')!.getAttribute('href')!
  expect(href).toMatch(new RegExp(`^https://example\\.net/a\\?b=1&pk_vid=abababababababab${seconds}[0-9a-f]{6}#c$`))
  expect(page.document.querySelector('#here')!.getAttribute('href')).toBe('https://example.org/')
  expect(page.sent).toEqual([])

  const arrived = (time: number) =>
    openTracked([['enableCrossDomainLinking'], ['trackPageView']], { url: href, time }).requests()[0]
  expect([arrived(noon + 180_000).get('_id'), arrived(noon + 180_000).get('url')]).toEqual([
    'abababababababab',
    'https://example.net/a?b=1#c'
  ])
})

it('does not take over a visitor too late, or on another device', () => {
  const page = openTracked([['enableCrossDomainLinking']])
  const carried = page.tracker().getCrossDomainLinkingUrlParameter().replace('pk_vid=abababababababab', '')
  const visitor = (device: string, time: number) =>
    openTracked([['enableCrossDomainLinking'], ['trackPageView']], {
      url: `https://example.net/?pk_vid=0123456789abcdef${device}`,
      time
    })
      .requests()[0]
      .get('_id')
  expect(visitor(carried, noon + 1000)).toBe('0123456789abcdef')
  expect(visitor(carried, noon + 181_000)).toBe('abababababababab')
  expect(visitor(carried.slice(0, 10) + '000000', noon + 1000)).toBe('abababababababab')
})
