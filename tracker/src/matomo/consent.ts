import { now } from './values'
import { plugins } from './page'
import { consentCookie, cookieConsentCookie, refusalCookie } from './cookies'
import type { Cookies } from './cookies'
import type { Sender } from './sender'
import type { Settings } from './settings'
import type { Visitor } from './visitor'

const hour = 3600000
const thirtyYears = 30 * 365 * 24

let made = 0

interface Face {
  disableCookies(): void
  setCookieConsentGiven(): void
  enableBrowserFeatureDetection(): void
}

/**
 * Consent to being tracked, consent to cookies, and opting out. Where one method leads to another it goes through the
 * tracker's public face, because plugins replace methods there to forbid cookies for good.
 */
export function consentMethods(
  settings: Settings,
  cookies: Cookies,
  visitor: Visitor,
  sender: Sender,
  face: Face,
  ping: () => void
) {
  const lifetime = (hours?: number): number => (hours || thirtyYears) * hour

  const methods = {
    hasConsent: () => settings._hasConsent,
    isConsentRequired: () => settings._consentRequired,
    isUserOptedOut: () => !settings._hasConsent,
    getConsentRequestsQueue: sender._waitingForConsent,

    getRememberedConsent() {
      const given = cookies._read(consentCookie)
      if (cookies._read(refusalCookie)) {
        if (given) {
          cookies._drop(consentCookie)
        }
        return null
      }
      return given || null
    },
    hasRememberedConsent: () => !!methods.getRememberedConsent(),

    /** Holds every request back until consent is given, unless it is remembered. */
    requireConsent() {
      settings._consentRequired = true
      settings._hasConsent = methods.hasRememberedConsent()
      if (!settings._hasConsent) {
        // Existing cookies stay until the page is left: consent may be given before.
        settings._cookiesDisabled = true
      }
      plugins['CoreConsent' + ++made] = {
        unload() {
          if (!settings._hasConsent) {
            cookies._clear()
          }
        }
      }
    },
    /** Sends what was held back; cookies come after it, so that they are only set once something was sent. */
    setConsentGiven(setCookieConsent = true) {
      settings._hasConsent = true
      if (!settings._detectFeatures) {
        face.enableBrowserFeatureDetection()
      }
      cookies._drop(refusalCookie)
      sender._releaseConsent()
      if (setCookieConsent) {
        face.setCookieConsentGiven()
      }
    },
    rememberConsentGiven(hours?: number) {
      methods.setConsentGiven(true)
      cookies._write(consentCookie, now(), lifetime(hours))
    },
    forgetConsentGiven(hours?: number) {
      cookies._drop(consentCookie)
      cookies._write(refusalCookie, now(), lifetime(hours))
      methods.forgetCookieConsentGiven()
      methods.requireConsent()
    },
    optUserOut(hours?: number) {
      methods.forgetConsentGiven(hours)
    },
    /** Tracks again; whether cookies may be used as well is another question. */
    forgetUserOptOut() {
      methods.setConsentGiven(false)
    },

    /** Says whether cookies are now off: not if consent to them is remembered. */
    requireCookieConsent() {
      if (methods.getRememberedCookieConsent()) {
        return false
      }
      face.disableCookies()
      return true
    },
    getRememberedCookieConsent: () => cookies._read(cookieConsentCookie),
    setCookieConsentGiven() {
      if (!settings._cookiesDisabled || settings._doNotTrack) {
        return
      }
      settings._cookiesDisabled = false
      if (!settings._detectFeatures) {
        face.enableBrowserFeatureDetection()
      }
      if (settings._siteId && sender._state._hasSent) {
        // There may be no further request on this page to set the cookies and tell the server the id in them.
        visitor._save()
        ping()
      }
    },
    rememberCookieConsentGiven(hours?: number) {
      face.setCookieConsentGiven()
      cookies._write(cookieConsentCookie, now(), lifetime(hours))
    },
    forgetCookieConsentGiven() {
      cookies._drop(cookieConsentCookie)
      face.disableCookies()
    },

    areCookiesEnabled: () => !settings._cookiesDisabled,
    disableCookies() {
      settings._cookiesDisabled = true
      if (settings._siteId) {
        cookies._clear()
      }
    },
    setDoNotTrack(enable: boolean) {
      const { doNotTrack, msDoNotTrack } = navigator as { doNotTrack?: string | null; msDoNotTrack?: string }
      settings._doNotTrack = !!enable && /^(yes|1)$/.test(doNotTrack || msDoNotTrack || '')
      if (settings._doNotTrack) {
        face.disableCookies()
      }
    }
  }
  return methods
}
