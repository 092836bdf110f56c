import { decode, encode, hostOf, parameterOf, plainDomain, protocolOf, undoProxy, utf8, withoutParameter, withParameter } from './url'
import { isDefined, isFunction, isObject, isString } from './values'
import { isCoveredHost } from './hosts'
import { askPlugins, isFramed, listen, onBeforeUnload, onLoad, onReady, titleOf } from './page'
import { isVisible } from './visibility'
import { sha1 } from './sha1'
import { chunked } from './sender'
import { classPattern } from './links'
import { serverUrl } from './address'
import type { Address } from './address'
import type { ContentTracking } from './contentTracking'
import type { Cookies } from './cookies'
import type { Links } from './links'
import type { Sender } from './sender'
import type { Settings } from './settings'
import type { Tracker } from './tracker'
import type { Visitor } from './visitor'

interface Parts {
  settings: Settings
  cookies: Cookies
  address: Address
  visitor: Visitor
  links: Links
  contents: ContentTracking
  sender: Sender
}

/** Opens a tracker to test suites of the dialect, which look inside by the names used here. */
export function debugMethods(tracker: Tracker, parts: Parts): void {
  const { settings, cookies, address, visitor, links, contents, sender } = parts
  Object.assign(tracker, contents._internals, {
    trackCallbackOnLoad: onLoad,
    trackCallbackOnReady: onReady,
    internalIsNodeVisible: isVisible,
    getRemainingVisitorCookieTimeout: () => visitor._remaining()
  })

  const inside: Record<string, unknown> = {
    isDefined,
    isFunction,
    isObject,
    isString,
    isSiteHostName: (host: string) => isCoveredHost(settings._hosts, host),
    isSiteHostPath: address._isSite,
    isReferrerExcluded: address._isExcludedReferrer,
    getClassesRegExp: classPattern,
    hasCookies: cookies._support,
    getCookie: cookies._read,
    getCookieName: cookies._nameOf,
    setCookie: cookies._write,
    getLinkIfShouldBeProcessed: links._linkAround,
    encodeWrapper: encode,
    decodeWrapper: decodeURIComponent,
    urldecode: decode,
    getLinkType: links._typeOf,
    beforeUnloadHandler: onBeforeUnload,
    getProtocolScheme: protocolOf,
    getHostName: hostOf,
    getUrlParameter: parameterOf,
    addUrlParameter: withParameter,
    removeUrlParameter: withoutParameter,
    getVisitorIdFromUrl: visitor._idFromUrl,
    generateBrowserSpecificId: visitor._deviceHash,
    makeCrossDomainDeviceId: visitor._deviceId,
    isSameCrossDomainDevice: visitor._isThisDevice,
    replaceHrefForCrossDomainLink: links._carryVisitor,
    isLinkToDifferentDomainButSameMatomoWebsite: links._leadsAcross,
    arrayChunk: chunked,
    urlFixup: (host: string, href: string, referrer: string) =>
      undoProxy(host, href, referrer, () => document.links[0].href),
    domainFixup: plainDomain,
    titleFixup: titleOf,
    sha1,
    utf8_encode: utf8,
    purify: address._purify,
    resolveRelativeReference: address._resolve,
    addEventListener: listen,
    prefixPropertyName: undefined,
    getMatomoUrlForOverlay: serverUrl,
    windowAlias: window,
    refreshConsentStatus: sender._refreshConsent,
    isInsideAnIframe: isFramed
  }
  const names = Object.keys(inside)
  askPlugins('run', null, (name: string, wanted: unknown) => {
    tracker.hook[name] =
      typeof wanted === 'string'
        ? new Function(...names, 'return (' + wanted + ')')(...names.map(one => inside[one]))
        : wanted
  })
}
