import { whenShown } from './page'
import type { Settings } from './settings'

/** Reports uncaught script errors as events, each once a page view, and passes them on to whoever listened before. */
export function makeErrors(settings: Settings, trackEvent: (category: string, action: string, name: string) => void) {
  const category = 'JavaScript Errors'
  let seen: string[] = []
  let enabled = false

  return {
    _forget(): void {
      seen = []
    },
    _methods: {
      getJavascriptErrors: () => seen,
      enableJSErrorTracking() {
        if (enabled) {
          return
        }
        enabled = true
        const before = window.onerror
        window.onerror = (message, url, line, column, error) => {
          whenShown(settings._countPrerendered, () => {
            const action = url + ':' + line + (column ? ':' + column : '')
            const key = category + action + message
            if (!seen.includes(key)) {
              seen.push(key)
              trackEvent(category, action, message as string)
            }
          })
          return before ? before.call(window, message, url, line, column, error) : false
        }
      }
    }
  }
}
