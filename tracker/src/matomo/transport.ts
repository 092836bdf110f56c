import { formType } from './settings'
import { isUnloading } from './page'
import { installCheckNonce } from './request'
import type { Settings } from './settings'

/** What a page is told about a request it asked to be told about. */
export interface Outcome {
  request: string
  trackerUrl: string
  success: boolean
  isSendBeacon?: boolean
  xhr?: XMLHttpRequest
}
export type Callback = ((outcome: Outcome) => void) | null

/** Longer requests are posted. */
const longestUrl = 2000
/** A posted request waits so long, because one cut off by a page change cannot be told from one that arrived. */
const postDelay = 50

/** The three ways a request leaves the page: beacon, image, or post. */
export function makeTransport(settings: Settings) {
  const urlWith = (request: string): string =>
    settings._trackerUrl + (settings._trackerUrl.includes('?') ? '&' : '?') + request

  const mustPost = (request: string): boolean =>
    settings._requestMethod === 'POST' || request.length > longestUrl || request.startsWith('{"requests"')

  function tell(callback: Callback | undefined, request: string, success: boolean, more?: object): void {
    if (typeof callback === 'function') {
      callback(Object.assign({ request, trackerUrl: settings._trackerUrl, success }, more))
    }
  }

  /** Closes the window that an installation check opened. */
  function endInstallCheck(): void {
    if (installCheckNonce()) {
      window.close()
    }
  }

  function image(request: string, callback?: Callback): void {
    request = request.replace('send_image=0', 'send_image=1')
    const pixel = new Image(1, 1)
    pixel.onload = () => tell(callback, request, true)
    pixel.onerror = () => tell(callback, request, false)
    pixel.src = urlWith(request)
    endInstallCheck()
  }

  /** Says whether the browser has taken the request. */
  function beacon(request: string, callback: Callback | undefined, isShortAllowed: boolean): boolean {
    if (typeof navigator.sendBeacon !== 'function' || typeof Blob !== 'function') {
      return false
    }
    const isShort = isShortAllowed && !mustPost(request)
    let taken = false
    try {
      taken = navigator.sendBeacon(
        isShort ? urlWith(request) : settings._trackerUrl,
        new Blob(isShort ? [] : [request], { type: formType })
      )
    } catch {
      return false
    }
    if (taken) {
      tell(callback, request, true, { isSendBeacon: true })
    }
    endInstallCheck()
    return taken
  }

  function post(request: string, callback?: Callback, mayFallBack = true): void {
    const leave = () => isUnloading && beacon(request, callback, mayFallBack)
    const fail = (more?: object) => {
      if (!leave()) {
        if (mayFallBack) {
          image(request, callback)
        } else {
          tell(callback, request, false, more)
        }
      }
    }
    if (leave()) {
      return
    }
    setTimeout(() => {
      if (leave()) {
        return
      }
      try {
        const xhr = new XMLHttpRequest()
        xhr.open('POST', settings._trackerUrl, true)
        xhr.onreadystatechange = () => {
          if (xhr.readyState === 4) {
            if (xhr.status >= 200 && xhr.status < 300) {
              tell(callback, request, true, { xhr })
            } else {
              fail({ xhr })
            }
          }
        }
        xhr.setRequestHeader('Content-Type', settings._requestContentType)
        xhr.withCredentials = true
        xhr.send(request)
      } catch {
        fail()
      }
      endInstallCheck()
    }, postDelay)
  }

  return {
    _image: image,
    _beacon: beacon,
    _post: post,
    _mustPost: mustPost
  }
}

export type Transport = ReturnType<typeof makeTransport>
