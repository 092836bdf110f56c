import { encode, parameterOf } from './url'
import { isString, nowSeconds, report, now } from './values'
import { sha1 } from './sha1'
import type { Cookies } from './cookies'
import type { Features } from './features'
import type { Settings } from './settings'

/** The parameter that carries a visitor from one domain of a site to another. */
export const crossDomainParameter = 'pk_vid'

/** Who the visitor is: the id cookie, and the id carried over from another domain. */
export function makeVisitor(settings: Settings, cookies: Cookies, features: Features) {
  /** Six hex digits that are the same on every domain seen with this browser. */
  const deviceHash = (): string =>
    sha1(navigator.userAgent + navigator.platform + JSON.stringify(features._detect())).slice(0, 6)

  const deviceId = (): string => String(Math.floor(now() / 1000)) + deviceHash()

  /** Whether a device id was made in this browser and lately. */
  function isThisDevice(id: string): boolean {
    id = String(id)
    const hash = deviceHash()
    const made = parseInt(id.slice(0, -hash.length), 10)
    if (!made || id.slice(-hash.length) !== hash) {
      return false
    }
    const age = Math.floor(now() / 1000) - made
    return settings._crossDomainTimeout <= 0 || (age >= 0 && age <= settings._crossDomainTimeout)
  }

  /** The visitor id that a link from another domain of the site brought along, or an empty string. */
  function idFromUrl(url: string): string {
    const carried = settings._crossDomain ? parameterOf(url, crossDomainParameter) : ''
    return /^[a-zA-Z0-9]{32}$/.test(carried) && isThisDevice(carried.slice(16)) ? carried.slice(0, 16) : ''
  }

  /** Whether the visitor is new (`'1'` or `'0'`), the id, when it was made; then what else the cookie holds. */
  function info(): (string | number)[] {
    settings._visitorId = settings._visitorId || idFromUrl(settings._href)
    const cookie = cookies._read(cookies._nameOf('id'))
    if (cookie) {
      const parts: (string | number)[] = ['0', ...cookie.split('.')]
      parts[2] = parts[2] || nowSeconds()
      if (settings._visitorId) {
        parts[1] = settings._visitorId
      }
      return parts
    }
    return ['1', settings._visitorId || (cookies._support() === '0' ? '' : randomId()), nowSeconds()]
  }

  /** Milliseconds until the id cookie expires, counted from the day it was made. */
  const remaining = (known = info()): number => parseInt(String(known[2]), 10) * 1000 + settings._visitorTimeout - now()

  function save(known = info()): void {
    if (settings._siteId) {
      cookies._write(cookies._nameOf('id'), known[1] + '.' + known[2] + '.', remaining(known))
    }
  }

  function infoSaved(): (string | number)[] {
    if (!cookies._read(cookies._nameOf('id'))) {
      save()
    }
    return info()
  }

  return {
    _deviceHash: deviceHash,
    _deviceId: deviceId,
    _isThisDevice: isThisDevice,
    _idFromUrl: idFromUrl,
    _info: info,
    _infoSaved: infoSaved,
    _remaining: remaining,
    _save: save,
    /** The id with the time and the device it is good for, as links carry it. */
    _carried: (): string => infoSaved()[1] + deviceId()
  }
}

export type Visitor = ReturnType<typeof makeVisitor>

export function visitorMethods(settings: Settings, visitor: Visitor) {
  return {
    getVisitorInfo: visitor._infoSaved,
    getVisitorId: () => visitor._infoSaved()[1],
    setVisitorId(id: string) {
      if (isString(id) && /[0-9A-Fa-f]{16}/.test(id)) {
        settings._visitorId = id
      } else {
        report('visitor id is not 16 hex digits')
      }
    },
    enableCrossDomainLinking() {
      settings._crossDomain = true
    },
    disableCrossDomainLinking() {
      settings._crossDomain = false
    },
    isCrossDomainLinkingEnabled: () => settings._crossDomain,
    setCrossDomainLinkingTimeout(seconds: number) {
      settings._crossDomainTimeout = seconds
    },
    getCrossDomainLinkingUrlParameter: () => encode(crossDomainParameter) + '=' + encode(visitor._carried())
  }
}

/** Sixteen random hex digits. */
function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), byte => byte.toString(16).padStart(2, '0')).join('')
}

