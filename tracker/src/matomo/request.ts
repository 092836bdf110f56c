import { asParameters, encode, parameterOf } from './url'
import { isGiven } from './values'
import { askPlugins } from './page'
import type { Address } from './address'
import type { Attribution } from './attribution'
import type { Cookies } from './cookies'
import type { CustomVariables } from './customVariables'
import type { Ecommerce } from './ecommerce'
import type { Features } from './features'
import type { Settings } from './settings'
import type { Timing } from './timing'
import type { Visitor } from './visitor'

type CustomData = Record<string, unknown> | null | undefined

let installCheck = ''

/** The nonce by which an installation check finds its own request, from the page's address. */
export function installCheckNonce(): string {
  return (installCheck = installCheck || parameterOf(location.href, 'tracker_install_check'))
}

interface Parts {
  settings: Settings
  cookies: Cookies
  address: Address
  visitor: Visitor
  attribution: Attribution
  features: Features
  variables: CustomVariables
  timing: Timing
  ecommerce: Ecommerce
}

/** Composes a whole tracking request around its own parameters, and renews the cookies while at it. */
export function makeRequest(parts: Parts, tracker: object) {
  const { settings, cookies, address, visitor, attribution, features, variables, timing, ecommerce } = parts

  /** An empty string where the visitor must not be tracked. */
  return function compose(request: string, customData?: CustomData, pluginMethod?: string): string {
    if (settings._cookiesDisabled) {
      cookies._clear()
    }
    const url = address._current()
    if (settings._doNotTrack || (!settings._trackFiles && (location.protocol === 'file:' || /^file:\/\//i.test(url)))) {
      return ''
    }
    features._detect()
    const known = visitor._info()
    const time = new Date()
    const from = settings._referrer
    const charset = document.characterSet || ''
    const [own, data] = split(customData)
    const remaining = Object.assign({}, settings._dimensions)
    Object.keys(own).forEach(name => delete remaining[name.slice(9)])

    request +=
      '&idsite=' +
      settings._siteId +
      '&rec=1&r=' +
      String(Math.random()).slice(2, 8) +
      '&h=' +
      time.getHours() +
      '&m=' +
      time.getMinutes() +
      '&s=' +
      time.getSeconds() +
      '&url=' +
      encode(address._purify(url)) +
      (from.length && !address._isExcludedReferrer(from) && !attribution._ignoresReferrer(url)
        ? '&urlref=' + encode(address._purify(from))
        : '') +
      (isGiven(settings._userId) ? '&uid=' + encode(settings._userId) : '') +
      '&_id=' +
      known[1] +
      '&_idn=' +
      known[0] +
      (/^(utf-8)?$/i.test(charset) ? '' : '&cs=' + encode(charset)) +
      '&send_image=0' +
      attribution._detect() +
      asParameters(own) +
      ecommerce._viewParameters() +
      asParameters(remaining, 'dimension')

    const custom = data || settings._customData
    request +=
      (custom ? '&data=' + encode(JSON.stringify(custom)) : '') +
      variables._asParameters() +
      timing._forRequest() +
      (settings._pageViewId ? '&pv_id=' + settings._pageViewId : '')

    visitor._save(known)
    cookies._write(cookies._nameOf('ses'), '1', settings._sessionTimeout)

    request += askPlugins(pluginMethod, { tracker, request })
    request += settings._appendix.length ? '&' + settings._appendix : ''
    request += installCheckNonce() ? '&tracker_install_check=' + installCheckNonce() : ''
    return typeof settings._processRequest === 'function' ? settings._processRequest(request) : request
  }
}

export type Compose = ReturnType<typeof makeRequest>

/** Takes the custom dimensions out of custom data; what is left is sent as it is, nothing if nothing is left. */
function split(customData: CustomData): [Record<string, string>, CustomData] {
  const own: Record<string, string> = {}
  const data: Record<string, unknown> = {}
  for (const name of Object.keys(customData || {})) {
    if (/^dimension\d+$/.test(name)) {
      own[name] = customData![name] as string
    } else {
      data[name] = customData![name]
    }
  }
  return [own, Object.keys(data).length ? data : null]
}

/** A random id that ties requests to one page view. */
export function randomPageViewId(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
  let id = ''
  while (id.length < 6) {
    id += letters[Math.floor(Math.random() * letters.length)]
  }
  return id
}
