import { hostOf, plainDomain, protocolOf, withoutParameter } from './url'
import { listOf } from './values'
import { toAbsoluteUrl } from './content'
import { isCovered, isSameHost, pathOf } from './hosts'
import { campaignParameters } from './settings'
import { crossDomainParameter } from './visitor'
import type { Settings } from './settings'

/** Addresses as they are reported: cleaned, resolved, and judged by the lists of hosts. */
export function makeAddress(settings: Settings) {
  /** Removes what must not be recorded. */
  function purify(url: string): string {
    const unwanted =
      settings._campaigns || settings._consentRequired
        ? []
        : settings._campaignNames.concat(settings._campaignKeywords, campaignParameters)
    for (const name of unwanted.concat(
      crossDomainParameter,
      'ignore_referrer',
      'ignore_referer',
      settings._excludedParameters
    )) {
      url = withoutParameter(url, name)
    }
    return settings._discardFragment ? url.replace(/#.*/, '') : url
  }

  /** Resolves a custom address against the page's. */
  function resolve(base: string, url: string): string {
    if (protocolOf(url)) {
      return url
    }
    if (url[0] === '/') {
      return protocolOf(base) + '://' + hostOf(base) + url
    }
    base = purify(base).split('?')[0]
    return base.slice(0, base.lastIndexOf('/') + 1) + url
  }

  return {
    _purify: purify,
    _resolve: resolve,
    _current: (): string => settings._customUrl || settings._href,
    /** The hosts of a site as configured: the page's own joins them, unless they have it or narrow the site by paths. */
    _sites(given: string | string[]): string[] {
      const hosts = listOf(given)
      const isComplete = hosts.some(
        alias => isSameHost(settings._domain, plainDomain(String(alias))) || !/^\/?\*?$/.test(pathOf(String(alias)))
      )
      return isComplete ? hosts : hosts.concat(settings._domain)
    },
    _isSite: (host: string, path: string): boolean => isCovered(settings._hosts, host, path),
    /** Whether a referrer is on the list of those that are never credited. */
    _isExcludedReferrer(url: string): boolean {
      const plain = (host: string) => host.replace(/^www\./, '')
      return (
        !!url.length &&
        isCovered(settings._excludedReferrers.map(plain), plain(hostOf(url)), pathOf(url))
      )
    }
  }
}

export type Address = ReturnType<typeof makeAddress>

export function addressMethods(settings: Settings, address: Address) {
  return {
    setCustomUrl(url: string) {
      settings._customUrl = address._resolve(settings._href, url)
    },
    getCurrentUrl: address._current,
    setReferrerUrl(url: string) {
      settings._referrer = url
    },
    setExcludedReferrers(given: string | string[]) {
      settings._excludedReferrers = listOf(given)
    },
    getExcludedReferrers: () => settings._excludedReferrers,
    setExcludedQueryParams(given: string | string[]) {
      settings._excludedParameters = listOf(given)
    },
    setDomains(given: string | string[]) {
      settings._hosts = address._sites(given)
    },
    getDomains: () => settings._hosts,
    discardHashTag(enable: boolean) {
      settings._discardFragment = enable
    }
  }
}

/** The address of the server behind a tracker's address. */
export function serverUrl(trackerUrl: string, apiUrl?: string): string {
  return (
    apiUrl ||
    toAbsoluteUrl(trackerUrl)
      .split('?')[0]
      .replace(/[^/]*\.php$/, '')
      .replace(/\/js\/$/, '/')
  )
}
