import { report } from './values'
import type { Tracker } from './tracker'

/** A call from a page's queue: the method's name, or a function, and its arguments. */
export type Call = ArrayLike<unknown>

type Methods = Record<string, unknown>

/** Methods that only the first tracker takes: others get theirs from `addTracker`. */
const firstOnly = ['addTracker', 'setTrackerUrl', 'setSiteId']

/** Methods that configure, in the order in which they must take effect whatever order the page wrote them in. */
export const configuring = (
  'addTracker enableFileTracking forgetCookieConsentGiven requireCookieConsent disableBrowserFeatureDetection ' +
  'disableCampaignParameters disableCookies setTrackerUrl setAPIUrl enableCrossDomainLinking ' +
  'setCrossDomainLinkingTimeout setSessionCookieTimeout setVisitorCookieTimeout setCookieNamePrefix ' +
  'setCookieSameSite setSecureCookie setCookiePath setCookieDomain setDomains setUserId setVisitorId setSiteId ' +
  'alwaysUseSendBeacon disableAlwaysUseSendBeacon enableLinkTracking setCookieConsentGiven requireConsent ' +
  'setConsentGiven disablePerformanceTracking setPagePerformanceTiming setExcludedQueryParams setExcludedReferrers'
).split(' ')

const repeatable = ['addTracker', 'enableLinkTracking']

/** Carries out calls on all trackers, and keeps those for plugins that have not arrived yet. */
export function makeCalls(trackers: () => Tracker[], statics: () => Methods) {
  let missed: Call[] = []

  function callStatic(call: Call, plugin: string, method: string, given: unknown[]): void {
    const context = statics()[plugin] as Methods | undefined
    const target = context && context[method]
    if (typeof target === 'function') {
      target.apply(context, given)
    } else {
      missed.push(call)
    }
  }

  function callOn(tracker: Tracker, name: string, given: unknown[]): void {
    const [plugin, method] = name.split('.')
    const context = method ? (tracker[plugin] as Methods) : tracker
    const target = context[method || plugin]
    if (target) {
      ;(target as (...given: unknown[]) => void).apply(context, given)
      return
    }
    const message = 'the method `' + name + '` was not found in "_paq" variable'
    report(message)
    if (!method) {
      throw new TypeError(message)
    }
  }

  function apply(...calls: Call[]): void {
    for (const call of calls) {
      const [name, ...given] = Array.from(call) as [string | ((...given: unknown[]) => void), ...unknown[]]
      if (typeof name === 'function') {
        trackers().forEach(tracker => name.apply(tracker, given))
      } else if (name.includes('::')) {
        const [plugin, method] = name.split('::')
        callStatic(call, plugin, method, given)
      } else {
        const isPlugin = name.includes('.')
        const targets = firstOnly.includes(name) ? trackers().slice(0, 1) : trackers().slice()
        if (isPlugin && targets.some(tracker => typeof tracker[name.split('.')[0]] !== 'object')) {
          missed.push(call)
          continue
        }
        targets.forEach(tracker => callOn(tracker, name, given))
      }
    }
  }

  /** Carries out everything a page queued before the script came: first what configures, then the rest in order. */
  function applyAll(queue: ArrayLike<Call>): void {
    const waiting: (Call | null)[] = Array.from(queue)
    for (const name of configuring) {
      let times = 0
      waiting.forEach((call, at) => {
        if (call && call[0] === name) {
          waiting[at] = null
          apply(call)
          if (++times === 2 && !repeatable.includes(name)) {
            report('`' + name + '` was called twice')
          }
        }
      })
    }
    waiting.forEach(call => call && apply(call))
  }

  return {
    _apply: apply,
    _applyAll: applyAll,
    /** Tries again what was called before its plugin arrived. */
    _retryMissed(): void {
      const again = missed
      missed = []
      again.forEach(call => apply(call))
    }
  }
}
