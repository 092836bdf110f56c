import { now, report } from './values'
import { decode, encode, plainDomain } from './url'
import { sha1 } from './sha1'
import type { Settings } from './settings'

export const consentCookie = 'mtm_consent'
export const cookieConsentCookie = 'mtm_cookie_consent'
export const refusalCookie = 'mtm_consent_removed'

/**
 * The first-party cookies of one tracker. While cookies are disabled nothing is read or written, except that a
 * refusal of consent is always honoured and always remembered.
 */
export function makeCookies(settings: Settings) {
  let domainHash = ''
  /** Base names of the cookies that belong to this tracker. */
  const owned = ['id', 'ses', 'cvar', 'ref']

  /** The value of a cookie by its full name, or 0. */
  function read(name: string): string | 0 {
    if (settings._cookiesDisabled && name !== refusalCookie) {
      return 0
    }
    for (const pair of document.cookie.split(';')) {
      const at = pair.indexOf('=')
      if (pair.slice(0, at).trim() === name) {
        return decode(pair.slice(at + 1))
      }
    }
    return 0
  }

  /** Writes a cookie with the configured path, domain and flags. Without a lifetime it ends with the browser. */
  function write(name: string, value: unknown, lifetime?: number, domain = settings._cookieDomain): void {
    if (settings._cookiesDisabled && name !== refusalCookie) {
      return
    }
    document.cookie =
      name +
      '=' +
      encode(value as string) +
      (lifetime ? ';expires=' + new Date(now() + lifetime).toUTCString() : '') +
      ';path=' +
      (settings._cookiePath || '/') +
      (domain ? ';domain=' + domain : '') +
      (settings._cookieSecure ? ';secure' : '') +
      ';SameSite=' +
      settings._cookieSameSite
    if (!(lifetime! < 0) && read(name) !== String(value)) {
      report('cookie `' + name + '` was refused: check domain and path')
    }
  }

  const drop = (name: string, domain?: string): void => write(name, '', -129600000, domain)

  /** The full name of a cookie: prefix, base name, site and four hex digits for where the cookie applies. */
  const nameOf = (base: string): string => settings._cookiePrefix + base + '.' + settings._siteId + '.' + domainHash

  /** Must follow every change of cookie domain or path. */
  function rehash(): void {
    domainHash = sha1((settings._cookieDomain || settings._domain) + (settings._cookiePath || '/')).slice(0, 4)
  }

  /** Whether cookies work here: `'1'` or `'0'`, as it is sent. */
  const support = (): string => (settings._cookiesDisabled || !navigator.cookieEnabled ? '0' : '1')

  /** Whether the browser accepts a cookie for the domain. */
  function isWritable(domain: string): boolean {
    const probe = settings._cookiePrefix + 'testcookie_domain'
    write(probe, 'testvalue', 10000, domain)
    const isWritten = read(probe) === 'testvalue'
    if (isWritten) {
      drop(probe, domain)
    }
    return isWritten
  }

  /** Deletes every cookie of this tracker, also while cookies are disabled. */
  function clear(): void {
    const disabled = settings._cookiesDisabled
    settings._cookiesDisabled = false
    for (const base of owned) {
      const name = nameOf(base)
      if (read(name) !== 0) {
        drop(name)
      }
    }
    settings._cookiesDisabled = disabled
  }

  rehash()
  return {
    _read: read,
    _write: write,
    _drop: drop,
    _nameOf: nameOf,
    _rehash: rehash,
    _support: support,
    _isWritable: isWritable,
    _clear: clear,
    _owned: owned
  }
}

export type Cookies = ReturnType<typeof makeCookies>

/** The cookie methods of a tracker's public face. */
export function cookieMethods(settings: Settings, cookies: Cookies) {
  const face = {
    setCookieDomain(domain: string) {
      const plain = plainDomain(domain)
      if (!settings._cookiesDisabled && !cookies._isWritable(plain)) {
        report('cookies are refused on `' + domain + '`')
        return
      }
      settings._cookieDomain = plain
      cookies._rehash()
    },
    getCookieDomain: () => settings._cookieDomain,
    setCookiePath(path: string) {
      settings._cookiePath = path
      cookies._rehash()
    },
    getCookiePath: () => settings._cookiePath,
    hasCookies: () => cookies._support() === '1',
    setSessionCookie(name: string, value: string, lifetime = settings._sessionTimeout) {
      if (!name) {
        throw new Error('missing cookie name')
      }
      cookies._owned.push(name)
      cookies._write(cookies._nameOf(name), value, lifetime)
    },
    getCookie(name: string) {
      const value = cookies._read(cookies._nameOf(name))
      return value === 0 ? null : value
    },
    deleteCookies: cookies._clear,
    setVisitorCookieTimeout(seconds: number) {
      settings._visitorTimeout = seconds * 1000
    },
    getConfigVisitorCookieTimeout: () => settings._visitorTimeout,
    setSessionCookieTimeout(seconds: number) {
      settings._sessionTimeout = seconds * 1000
    },
    getSessionCookieTimeout: () => settings._sessionTimeout,
    setReferralCookieTimeout(seconds: number) {
      settings._referralTimeout = seconds * 1000
    },
    setSecureCookie(enable: boolean) {
      if (enable && location.protocol !== 'https:') {
        report('`Secure` needs https')
        return
      }
      settings._cookieSecure = enable
    },
    setCookieSameSite(given: string) {
      given = String(given)
      let sameSite = given.charAt(0).toUpperCase() + given.slice(1).toLowerCase()
      if (!['None', 'Lax', 'Strict'].includes(sameSite)) {
        report('`SameSite` is `Lax`, `None` or `Strict`')
        return
      }
      if (sameSite === 'None') {
        if (location.protocol === 'https:') {
          face.setSecureCookie(true)
        } else {
          report('`SameSite=None` needs https')
          sameSite = 'Lax'
        }
      }
      settings._cookieSameSite = sameSite
    },
    getConfigCookieSameSite: () => settings._cookieSameSite
  }
  return face
}
