import { plainDomain, decode, undoProxy } from './url'
import { referrer } from './page'

/**
 * Everything a page may configure on one tracker, with the dialect's defaults. A leading underscore marks what is
 * internal to the script: the build gives it a short name.
 */
export function defaultSettings(trackerUrl: string | undefined, siteId: string | number | undefined) {
  const [host, href, from] = undoProxy(document.domain, location.href, referrer(), () => (document.links[0] || location).href)
  const domain = plainDomain(host)
  const settings = {
    _trackerUrl: trackerUrl || '',
    _siteId: (siteId || '') as string | number,
    _apiUrl: '',

    /** The host the page is on, free of proxies. */
    _domain: domain,
    /** The page's decoded address when the tracker was made. */
    _href: decode(href),
    _referrer: decode(from),
    _title: document.title as unknown,

    _userId: '' as string | number,
    /** Set by the page or carried over from another domain; wins over the cookie. */
    _visitorId: '',
    _pageViewIdFixed: false,

    _requestMethod: 'GET',
    _requestContentType: formType,
    _alwaysBeacon: true,
    /** How long the page is held for a request that is no beacon. */
    _pause: 500,
    _appendix: '',
    _dimensions: {} as Record<string, string>,

    _hosts: [domain],
    _downloadExtensions: downloadExtensions,
    _downloadClasses: [] as string[],
    _linkClasses: [] as string[],
    _ignoreClasses: [] as string[],
    _excludedReferrers: ['.paypal.com'],
    _excludedParameters: [] as string[],
    _discardFragment: false,
    _trackFiles: false,
    _doNotTrack: false,
    _detectFeatures: true,

    _campaigns: true,
    _campaignNames: [
      'pk_campaign',
      'mtm_campaign',
      'piwik_campaign',
      'matomo_campaign',
      'utm_campaign',
      'utm_source',
      'utm_medium'
    ],
    _campaignKeywords: ['pk_kwd', 'mtm_kwd', 'piwik_kwd', 'matomo_kwd', 'utm_term'],

    _cookiesDisabled: false,
    _cookiePrefix: '_pk_',
    _cookieSecure: false,
    _cookieSameSite: 'Lax',
    _visitorTimeout: 33955200000,
    _sessionTimeout: 1800000,
    _referralTimeout: 15768000000,

    _crossDomain: false,
    /** Seconds for which a visitor id carried in a link is good. */
    _crossDomainTimeout: 180,

    _consentRequired: false,
    _hasConsent: true,

    _performance: true
  }
  return settings as typeof settings & Unset
}

/** What has no default. */
interface Unset {
  _customUrl?: string
  _pageViewId?: string
  _customData?: unknown
  _processRequest?: (request: string) => string
  _countPrerendered?: boolean
  _attributeFirst?: boolean
  _cookieDomain?: string
  _cookiePath?: string
}

export type Settings = ReturnType<typeof defaultSettings>

export const formType = 'application/x-www-form-urlencoded; charset=UTF-8'

/** Parameters removed from addresses when campaigns are switched off, beside the configured ones. */
export const campaignParameters = (
  'mtm_campaign matomo_campaign mtm_cpn pk_campaign piwik_campaign pk_cpn utm_campaign ' +
  'mtm_keyword matomo_kwd mtm_kwd pk_keyword piwik_kwd pk_kwd utm_term ' +
  'mtm_source pk_source utm_source mtm_medium pk_medium utm_medium mtm_content pk_content utm_content ' +
  'mtm_cid pk_cid utm_id mtm_clid mtm_group pk_group mtm_placement pk_placement'
).split(' ')

const downloadExtensions = (
  '7z aac apk arc arj asc asf asx avi azw3 bin csv deb dmg doc docx epub exe flv gif gz gzip hqx ibooks jar jpg jpeg ' +
  'js md5 mobi mp2 mp3 mp4 mpg mpeg mov movie msi msp odb odf odg ods odt ogg ogv pdf phps png ppt pptx qt qtm ra ' +
  'ram rar rpm rtf sea sha sha256 sha512 sig sit tar tbz tbz2 bz bz2 tgz torrent txt wav wma wmv wpd xls xlsx xml ' +
  'xz z zip'
).split(' ')
