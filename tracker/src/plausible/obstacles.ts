// Reasons for not sending an event.

import { config, page, script } from './config'

/** Why an event is not sent: a reason to tell, an empty one to keep quiet, `undefined` if nothing is in the way. */
export function obstacle(name: string): string | undefined {
  var reason: string | undefined
  /*!if exclusions*/
  var included = script.dataset.include
  var excluded = script.dataset.exclude
  if (
    name == 'pageview' &&
    ((included && !included.split(',').some(isHere)) || (excluded && excluded.split(',').some(isHere)))
  ) {
    reason = 'exclusion rule'
  }
  /*!end*/
  try {
    if (localStorage.plausible_ignore == 'true') {
      reason = 'localStorage flag'
    }
  } catch (forbidden) {}
  /*!if web*/
  if (config.captureOnLocalhost) {
    return reason
  }
  /*!end*/
  /*!if !local*/
  if ((page._phantom || page.__nightmare || navigator.webdriver || page.Cypress) && !page.__plausible) {
    reason = ''
  }
  if (/^(localhost|127\.[\d.]+|\[::1?]|file:)$/.test(location.hostname || location.protocol)) {
    reason = 'localhost'
  }
  /*!end*/
  return reason
}

/*!if exclusions*/
/** Matches the page's path with a rule in which `*` stands for a name and `**` for anything. */
function isHere(rule: string): boolean {
  var path = location.pathname
  /*!if hash*/
  path += location.hash
  /*!end*/
  return RegExp('^' + rule.trim().replace(/\*\*/g, '.*').replace(/([^.])\*/g, '$1[^\\s/]*') + '/?$').test(path)
}
/*!end*/
