import { config, domain, script } from './config'
import { turnPage } from './engagement'
import { obstacle } from './obstacles'
import { send } from './send'
import type { Options, Payload } from './types'

/** Sends an event, unless there is a reason not to. */
export function track(name: string, given?: Options): void {
  var options = given || {}
  var reason = obstacle(name)
  var payload: Payload = {
    n: name,
    v: VERSION,
    u: location.href,
    d: domain,
    p: options.props || options.meta,
    r: document.referrer || null
  }
  /*!if manual|web*/
  payload.u = options.u || options.url || payload.u
  /*!end*/
  if (options.interactive == false) {
    payload.i = false
  }
  /*!if revenue|web*/
  payload.$ = options.revenue
  /*!end*/
  /*!if pageview-props*/
  payload.p = withAttributes(payload.p)
  /*!end*/
  /*!if hash*/
  payload.h = 1
  /*!end*/
  /*!if web*/
  var custom = config.customProperties
  if (custom) {
    payload.p = Object.assign({}, typeof custom == 'function' ? custom(name) : custom, payload.p)
  }
  if (config.hashBasedRouting) {
    payload.h = 1
  }
  if (reason == null && config.transformRequest) {
    payload = config.transformRequest(payload)!
    if (!payload) {
      reason = 'transformRequest'
    }
  }
  /*!end*/
  name == 'pageview' && turnPage(reason == null ? payload : null)
  if (reason == null) {
    send(payload, options.callback)
  } else {
    /*!if web*/
    if (config.logging == false) {
      reason = ''
    }
    /*!end*/
    reason && console.warn('Ignoring Event: ' + reason)
    options.callback && options.callback()
  }
}

/*!if pageview-props*/
/** Adds what the script's tag says in attributes such as `event-author`, unless the page says otherwise. */
function withAttributes(given: Payload['p']): Payload['p'] {
  var props: Record<string, unknown> = {}
  var attributes = script.attributes
  for (var at = 0; at < attributes.length; at++) {
    if (/^event-/.test(attributes[at].name)) {
      props[attributes[at].name.slice(6)] = attributes[at].value
    }
  }
  for (var key in given) {
    props[key] = given[key]
  }
  return props
}
/*!end*/
