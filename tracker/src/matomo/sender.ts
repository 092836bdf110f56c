import { now } from './values'
import { hold, later } from './page'
import { consentCookie, refusalCookie } from './cookies'
import type { Cookies } from './cookies'
import type { Features } from './features'
import type { Settings } from './settings'
import type { Callback, Transport } from './transport'

type Waiting = [string | string[], Callback | undefined]

/** Requests in one post. */
const bulkSize = 50
/**
 * After the first request others wait, so that the server knows the new visitor before the second one comes. They leave
 * earlier when the page does.
 */
const firstGap = 800
const furtherGap = 50
/** How long the page is held for a beacon. */
const beaconHold = 100

/** The gate in front of the transport: consent, client hints, and the gap after the first request. */
export function makeSender(
  settings: Settings,
  cookies: Cookies,
  features: Features,
  transport: Transport,
  onSent: () => void
) {
  let awaitingConsent: Waiting[] = []
  let awaitingHints: Waiting[] = []
  let immediateFrom = 0
  const state = {
    _hasSent: false,
    /** When the last request was handed over. */
    _lastRequest: null as number | null
  }

  /** Another window may have given or withdrawn consent. */
  function refreshConsent(): void {
    if (cookies._read(refusalCookie)) {
      settings._hasConsent = false
    } else if (cookies._read(consentCookie)) {
      settings._hasConsent = true
    }
  }

  function afterGap(leave: () => void): void {
    const time = now()
    state._lastRequest = time
    if (time < immediateFrom) {
      const wait = immediateFrom - time
      later(leave, wait)
      immediateFrom += furtherGap
      return
    }
    if (!immediateFrom) {
      immediateFrom = time + firstGap
    }
    leave()
  }

  function send(request: string, callback?: Callback, pause = settings._pause): void {
    refreshConsent()
    if (!settings._hasConsent) {
      awaitingConsent.push([request, callback])
      return
    }
    if (features._isWaiting()) {
      awaitingHints.push([request, callback])
      return
    }
    state._hasSent = true
    if (!settings._doNotTrack && request) {
      const full = request + (settings._consentRequired ? '&consent=1' : '') + features._asParameters()
      afterGap(() => {
        if (settings._alwaysBeacon && transport._beacon(full, callback, true)) {
          hold(beaconHold)
          return
        }
        if (transport._mustPost(full)) {
          transport._post(full, callback)
        } else {
          transport._image(full, callback)
        }
        hold(pause)
      })
    }
    onSent()
  }

  function sendBulk(requests: string[], pause = settings._pause): void {
    if (settings._doNotTrack || !requests || !requests.length) {
      return
    }
    if (features._isWaiting()) {
      awaitingHints.push([requests, null])
      return
    }
    if (!settings._hasConsent) {
      awaitingConsent.push([requests, null])
      return
    }
    state._hasSent = true
    afterGap(() => {
      for (const chunk of chunked(requests, bulkSize)) {
        const listed = chunk.map(request => '?' + request + features._asParameters())
        const bulk = JSON.stringify({ requests: listed, send_image: 0 })
        if (settings._alwaysBeacon && transport._beacon(bulk, null, false)) {
          hold(beaconHold)
        } else {
          transport._post(bulk, null, false)
        }
      }
      hold(pause)
    })
  }

  function resend(waiting: Waiting[]): void {
    for (const [request, callback] of waiting) {
      if (Array.isArray(request)) {
        sendBulk(request)
      } else {
        send(request, callback)
      }
    }
  }

  return {
    _state: state,
    _send: send,
    _sendBulk: sendBulk,
    _refreshConsent: refreshConsent,
    /** Sends what waited for client hints. */
    _releaseHints(): void {
      const waiting = awaitingHints
      awaitingHints = []
      resend(waiting)
    },
    /** Sends what waited for consent. */
    _releaseConsent(): void {
      const waiting = awaitingConsent
      awaitingConsent = []
      resend(waiting)
    },
    /** Forgets what waited for consent: it belongs to a page view that is over. */
    _forgetWaiting(): void {
      awaitingConsent = []
    },
    _waitingForConsent: () => awaitingConsent.map(([request]) => request)
  }
}

export type Sender = ReturnType<typeof makeSender>

/** Cuts a list into runs of at most so many. */
export function chunked<T>(list: T[], size?: number): T[][] {
  if (!size || size >= list.length) {
    return [list]
  }
  const chunks: T[][] = []
  for (let at = 0; at < list.length; at += size) {
    chunks.push(list.slice(at, at + size))
  }
  return chunks
}
