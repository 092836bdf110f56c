// How long a page was looked at and how far it was read: sent when the visitor turns away.

import { domain } from './config'
import { send } from './send'
import type { Payload } from './types'

var /** The page view that engagement belongs to, if it was sent. */
  current: Payload | null | undefined,
  /** When attention was last seen to begin, 0 while there is none. */
  since: number,
  /** Milliseconds of attention not sent yet. */
  engaged: number,
  /** Pixels from the top that were seen, and those of them that were sent. */
  depth: number,
  sentDepth: number,
  height: number

/** The page before is over; a page view that is not sent leaves no page to be engaged with. */
export function turnPage(pageview: Payload | null): void {
  attend()
  engage()
  current = pageview
  depth = engaged = 0
  sentDepth = -1
  since = Date.now()
  measure()
}

addEventListener('focus', attend)
addEventListener('blur', attend)
addEventListener('visibilitychange', attend)
addEventListener('scroll', measure)
/*!if compat*/
addEventListener('load', measure)
/*!else*/
new ResizeObserver(measure).observe(document.documentElement)
/*!end*/

function attend(): void {
  var now = Date.now()
  engaged += since && now - since
  since = document.visibilityState == 'visible' && document.hasFocus() ? now : 0
  since || engage()
}

/** Sends engagement that is news: read further than before, or for three more seconds. */
function engage(): void {
  if (current && (sentDepth < depth || engaged >= 3000)) {
    var payload: Payload = {
      n: 'engagement',
      v: VERSION,
      u: current.u,
      d: domain,
      p: current.p,
      e: engaged,
      sd: Math.round((depth / height) * 100)
    }
    /*!if hash*/
    payload.h = 1
    /*!end*/
    /*!if web*/
    payload.h = current.h
    /*!end*/
    sentDepth = depth
    engaged = 0
    send(payload)
  }
}

function measure(): void {
  /*!if compat*/
  height = (document.scrollingElement || document.documentElement).scrollHeight
  /*!else*/
  height = document.scrollingElement!.scrollHeight
  /*!end*/
  depth = Math.min(height, Math.max(depth, pageYOffset + innerHeight))
}
