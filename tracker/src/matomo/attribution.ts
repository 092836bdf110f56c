import { encode, hostOf, parameterOf } from './url'
import { listOf, nowSeconds } from './values'
import { isCoveredHost } from './hosts'
import type { Address } from './address'
import type { Cookies } from './cookies'
import type { Settings } from './settings'

/** Campaign name, campaign keyword, seconds since the epoch, referrer. */
type Credit = [string, string, number, string]

const longestReferrer = 1024

/** Which campaign and which referrer a later conversion is credited to, kept in the `ref` cookie. */
export function makeAttribution(settings: Settings, cookies: Cookies, address: Address) {
  function load(): Credit {
    const cookie = cookies._read(cookies._nameOf('ref'))
    if (cookie) {
      try {
        const credit = JSON.parse(cookie)
        if (Array.isArray(credit) && credit.length > 3) {
          return credit as Credit
        }
      } catch {
        // A cookie of an older format.
      }
    }
    return ['', '', 0, '']
  }

  const ignoresReferrer = (url: string): boolean =>
    parameterOf(url, 'ignore_referrer') === '1' || parameterOf(url, 'ignore_referer') === '1'

  const firstOf = (url: string, names: string[]): string =>
    names.reduce((found, name) => found || parameterOf(url, name), '')

  const deservesCredit = (url: string): boolean =>
    !!hostOf(url).length && !isCoveredHost(settings._hosts, hostOf(url)) && !address._isExcludedReferrer(url)

  /** Finds out at the start of a visit whom to credit, and returns the parameters that say so. */
  function detect(): string {
    const url = address._current()
    let [name, keyword, since, from] = load()

    if (!ignoresReferrer(url) && !cookies._read(cookies._nameOf('ses'))) {
      if ((!settings._attributeFirst || !name.length) && (settings._campaigns || settings._consentRequired)) {
        name = firstOf(url, settings._campaignNames)
        keyword = firstOf(url, settings._campaignKeywords)
      }
      if (deservesCredit(settings._referrer) && !(settings._attributeFirst && deservesCredit(from))) {
        from = settings._referrer
      }
      if (from.length || name.length) {
        since = nowSeconds()
        const credit: Credit = [name, keyword, since, purified(from)]
        cookies._write(cookies._nameOf('ref'), JSON.stringify(credit), settings._referralTimeout)
      }
    }

    return (
      (name.length ? '&_rcn=' + encode(name) : '') +
      (keyword.length ? '&_rck=' + encode(keyword) : '') +
      '&_refts=' +
      since +
      (String(from).length ? '&_ref=' + encode(purified(from)) : '')
    )
  }

  const purified = (url: string): string => address._purify(url.slice(0, longestReferrer))

  return {
    _load: load,
    _detect: detect,
    _ignoresReferrer: ignoresReferrer
  }
}

export type Attribution = ReturnType<typeof makeAttribution>

export function attributionMethods(settings: Settings, attribution: Attribution) {
  const load = attribution._load
  return {
    getAttributionInfo: load,
    getAttributionCampaignName: () => load()[0],
    getAttributionCampaignKeyword: () => load()[1],
    getAttributionReferrerTimestamp: () => load()[2],
    getAttributionReferrerUrl: () => load()[3],
    setConversionAttributionFirstReferrer(enable: boolean) {
      settings._attributeFirst = enable
    },
    setCampaignNameKey(names: string | string[]) {
      settings._campaignNames = listOf(names)
    },
    setCampaignKeywordKey(names: string | string[]) {
      settings._campaignKeywords = listOf(names)
    },
    disableCampaignParameters() {
      settings._campaigns = false
    }
  }
}
