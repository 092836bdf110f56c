import { hostOf } from './url'
import type { Tracker } from './tracker'

/**
 * Talks to the opt-out frame that a tracker's server shows in the page: it asks for the visitor's state when it has
 * loaded, and tells when the visitor changes it. Only frames of a tracker's own server are heard.
 */
export function answerOptOutFrame(event: MessageEvent, trackers: Tracker[]): void {
  const host = event && event.origin && hostOf(event.origin)
  const ours = host && trackers.find(tracker => hostOf(tracker.getMatomoUrl()) === host)
  if (!ours) {
    return
  }
  let data: { maq_initial_value?: unknown; maq_opted_in?: unknown } | null
  try {
    data = JSON.parse(event.data)
  } catch {
    return
  }

  const answer = (state: object): void => {
    const common = { maq_url: ours.getMatomoUrl(), maq_optout_by_default: ours.isConsentRequired() }
    const message = JSON.stringify(Object.assign(state, common))
    for (const frame of Array.from(document.getElementsByTagName('iframe'))) {
      if (frame.contentWindow && hostOf(frame.src) === host) {
        frame.contentWindow.postMessage(message, event.origin)
      }
    }
  }

  if (data && data.maq_initial_value !== undefined) {
    answer({ maq_opted_in: data.maq_initial_value && ours.hasConsent() })
  } else if (data && data.maq_opted_in !== undefined) {
    for (const tracker of trackers) {
      if (data.maq_opted_in) {
        tracker.rememberConsentGiven()
      } else {
        tracker.forgetConsentGiven()
      }
    }
    answer({ maq_confirm_opted_in: ours.hasConsent() })
  }
}
