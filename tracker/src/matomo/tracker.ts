import { encode } from './url'
import { isDefined, isGiven, isObject, report } from './values'
import { plugins, setUnloading, titleOf, whenShown } from './page'
import type { Plugin } from './page'
import { addressMethods, makeAddress, serverUrl } from './address'
import { attributionMethods, makeAttribution } from './attribution'
import { consentMethods } from './consent'
import { makeContentTracking } from './contentTracking'
import { cookieMethods, makeCookies, refusalCookie } from './cookies'
import { makeCustomVariables } from './customVariables'
import { makeEcommerce } from './ecommerce'
import { makeErrors } from './errors'
import { makeFeatures } from './features'
import { makeHeartbeat } from './heartbeat'
import { makeLinks } from './links'
import type { LinkType } from './links'
import * as content from './content'
import * as query from './query'
import { makeRequest, randomPageViewId } from './request'
import { makeRequestQueue, queueMethods } from './requestQueue'
import { makeSender } from './sender'
import { defaultSettings, formType } from './settings'
import { makeTiming } from './timing'
import { makeTransport } from './transport'
import type { Callback } from './transport'
import { makeVisitor, visitorMethods } from './visitor'
import { debugMethods } from './debug'

type CustomData = Record<string, unknown> | null | undefined
// The public face is called by name from pages and plugins, which may also replace its methods.
export type Tracker = Record<string, any>

let made = 0

/** Makes a tracker: settings, the parts that work on them, and the public face that pages and plugins call. */
export function makeTracker(trackerUrl?: string, siteId?: string | number): Tracker {
  const id = made++
  const tracker: Tracker = {}
  const settings = defaultSettings(trackerUrl, siteId)
  const cookies = makeCookies(settings)
  settings._hasConsent = !cookies._read(refusalCookie)

  const address = makeAddress(settings)
  const features = makeFeatures(settings, () => sender._releaseHints())
  const visitor = makeVisitor(settings, cookies, features)
  const attribution = makeAttribution(settings, cookies, address)
  const variables = makeCustomVariables(settings, cookies)
  const timing = makeTiming(settings)
  const transport = makeTransport(settings)
  const heartbeat = makeHeartbeat(
    () => sender,
    () => tracker.ping()
  )
  const sender = makeSender(settings, cookies, features, transport, heartbeat._start)
  const queue = makeRequestQueue(sender, 'RequestQueue' + id)
  const ecommerce = makeEcommerce(request =>
    sender._send(compose(request, settings._customData as CustomData, 'ecommerce'))
  )
  const compose = makeRequest(
    { settings, cookies, address, visitor, attribution, features, variables, timing, ecommerce },
    tracker
  )
  const links = makeLinks(settings, address, visitor, (url, type, element) => sendLink(url, type, null, null, element))
  const contents = makeContentTracking(settings, compose, queue, links)
  const errors = makeErrors(settings, sendEvent)

  const whenPageShown = (callback: () => void): void => whenShown(settings._countPrerendered, callback)

  function sendLink(url: string, type: LinkType, data?: CustomData, callback?: Callback, element?: Element): void {
    const interaction = contents._interactionParameters(element, 'click', url)
    const request = type + '=' + encode(address._purify(url)) + (interaction ? '&' + interaction : '')
    sender._send(compose(request, data, 'link'), callback)
  }

  function sendEvent(
    category: unknown,
    action: unknown,
    name?: unknown,
    value?: unknown,
    data?: CustomData,
    callback?: Callback
  ): void {
    if (!isGiven(category) || !isGiven(action)) {
      report(
        'event without category or action'
      )
      return
    }
    const request =
      'e_c=' +
      encode(category as string) +
      '&e_a=' +
      encode(action as string) +
      (isDefined(name) ? '&e_n=' + encode(name as string) : '') +
      (isDefined(value) ? '&e_v=' + encode(value as string) : '') +
      '&ca=1'
    sender._send(compose(request, data, 'event'), callback)
  }

  function sendPageView(title: unknown, data?: CustomData, callback?: Callback): void {
    if (!settings._pageViewIdFixed) {
      settings._pageViewId = randomPageViewId()
    }
    const request = compose('action_name=' + encode(titleOf(title || settings._title)), data, 'log')
    sender._send(request && request + timing._forPageView(), callback)
  }

  let pageViews = 0

  const methods = {
    trackPageView(title?: unknown, data?: CustomData, callback?: Callback) {
      contents._forget()
      sender._forgetWaiting()
      errors._forget()
      whenPageShown(() => {
        pageViews++
        sendPageView(title, data, callback)
      })
    },
    getNumTrackedPageViews: () => pageViews,
    trackEvent(...given: Parameters<typeof sendEvent>) {
      whenPageShown(() => sendEvent(...given))
    },
    trackSiteSearch(keyword: unknown, category?: unknown, count?: unknown, data?: CustomData) {
      contents._forget()
      const request =
        'search=' +
        encode(keyword as string) +
        (category ? '&search_cat=' + encode(category as string) : '') +
        (isDefined(count) ? '&search_count=' + count : '')
      whenPageShown(() => sender._send(compose(request, data, 'sitesearch')))
    },
    trackGoal(goal: unknown, revenue?: unknown, data?: CustomData, callback?: Callback) {
      const request = 'idgoal=' + goal + (revenue ? '&revenue=' + revenue : '')
      whenPageShown(() => sender._send(compose(request, data, 'goal'), callback))
    },
    trackLink(url: string, type: LinkType, data?: CustomData, callback?: Callback) {
      whenPageShown(() => sendLink(url, type, data, callback))
    },
    trackRequest(request: string, data?: CustomData, callback?: Callback, pluginMethod?: string) {
      whenPageShown(() => sender._send(compose(request, data, pluginMethod), callback))
    },
    queueRequest(request: string, isComplete?: boolean) {
      whenPageShown(() => queue.push(isComplete ? request : compose(request)))
    },
    ping() {
      methods.trackRequest('ping=1', null, null, 'ping')
    },
    getRequest: (request: string) => compose(request),

    setTrackerUrl(url: string) {
      settings._trackerUrl = url
    },
    getTrackerUrl: () => settings._trackerUrl,
    setAPIUrl(url: string) {
      settings._apiUrl = url
    },
    getMatomoUrl: () => serverUrl(settings._trackerUrl, settings._apiUrl),
    getPiwikUrl: () => tracker.getMatomoUrl(),
    setSiteId(site: string | number) {
      settings._siteId = site
    },
    getSiteId: () => settings._siteId,

    setUserId(user: string | number) {
      if (isGiven(user)) {
        settings._userId = user
      }
    },
    getUserId: () => settings._userId,
    resetUserId() {
      settings._userId = ''
    },
    setDocumentTitle(title: unknown) {
      settings._title = title
    },
    setPageViewId(pageView: string) {
      settings._pageViewId = pageView
      settings._pageViewIdFixed = true
    },
    getPageViewId: () => settings._pageViewId,
    getConfigIdPageView: () => settings._pageViewId,
    setCustomData(given: unknown, value?: unknown) {
      if (isObject(given)) {
        settings._customData = given
      } else {
        settings._customData = settings._customData || {}
        ;(settings._customData as Record<string, unknown>)[String(given)] = value
      }
    },
    getCustomData: () => settings._customData,
    setCustomRequestProcessing(process: (request: string) => string) {
      settings._processRequest = process
    },
    appendToTrackingUrl(parameters: string) {
      settings._appendix = parameters
    },
    setCustomDimension(dimension: unknown, value: unknown = '') {
      const index = parseInt(String(dimension), 10)
      if (index > 0) {
        settings._dimensions[index] = String(value)
      }
    },
    getCustomDimension: (dimension: unknown) => settings._dimensions[parseInt(String(dimension), 10)],
    deleteCustomDimension(dimension: unknown) {
      delete settings._dimensions[parseInt(String(dimension), 10)]
    },
    setCookieNamePrefix(prefix: string) {
      settings._cookiePrefix = prefix
      variables._reload()
    },

    setRequestMethod(method?: string) {
      settings._requestMethod = String(method || 'GET').toUpperCase()
      if (settings._requestMethod === 'GET') {
        tracker.disableAlwaysUseSendBeacon()
      }
    },
    setRequestContentType(type?: string) {
      settings._requestContentType = type || formType
    },
    alwaysUseSendBeacon() {
      settings._alwaysBeacon = true
    },
    disableAlwaysUseSendBeacon() {
      settings._alwaysBeacon = false
    },
    isUsingAlwaysUseSendBeacon: () => settings._alwaysBeacon,
    disableBrowserFeatureDetection: features._disable,
    enableBrowserFeatureDetection: features._enable,
    enableFileTracking() {
      settings._trackFiles = true
    },
    setCountPreRendered(enable: boolean) {
      settings._countPrerendered = enable
    },
    killFrame() {
      if (window.top !== window) {
        window.top!.location.href = location.href
      }
    },
    redirectFile(url: string) {
      if (location.protocol === 'file:') {
        location.href = url
      }
    },

    addPlugin(name: string, plugin: Plugin) {
      plugins[name] = plugin
    },
    hook: {} as Record<string, unknown>,
    getHook: (name: string) => methods.hook[name],
    getContent: () => (DEBUG ? content : {}),
    getQuery: () => (DEBUG ? query : {}),
    unsetPageIsUnloading() {
      setUnloading(false)
    }
  }

  Object.assign(
    tracker,
    cookieMethods(settings, cookies),
    visitorMethods(settings, visitor),
    addressMethods(settings, address),
    attributionMethods(settings, attribution),
    variables._methods,
    timing._methods,
    ecommerce._methods,
    links._methods,
    contents._methods,
    errors._methods,
    heartbeat._methods,
    queueMethods(queue),
    consentMethods(settings, cookies, visitor, sender, tracker as never, () =>
      sender._send(compose('ping=1', null, 'ping'))
    ),
    methods
  )
  if (DEBUG) {
    debugMethods(tracker, { settings, cookies, address, visitor, links, contents, sender })
  }

  plugins['TrackerVisitorIdCookie' + id] = {
    /** A page that sent nothing leaves the visitor and the referrer in the cookies all the same. */
    unload() {
      features._giveUp()
      if (!sender._state._hasSent) {
        visitor._save()
        attribution._detect()
      }
    }
  }
  return tracker
}
