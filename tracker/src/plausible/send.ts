import { endpoint, page } from './config'
import type { Options, Payload } from './types'

/** Sends an event and tells the page how that went. A body that is text needs no preflight. */
export function send(payload: Payload, callback?: Options['callback']): void {
  /*!if compat*/
  if (!page.fetch) {
    var request = new XMLHttpRequest()
    request.open('POST', endpoint)
    request.onloadend = () =>
      callback && callback(request.status ? { status: request.status } : { error: new Error('network') })
    request.send(JSON.stringify(payload))
    return
  }
  /*!end*/
  fetch(endpoint, { method: 'POST', keepalive: true, body: JSON.stringify(payload) })
    .then(response => ({ status: response.status }), error => ({ error: error }))
    .then(callback)
}
