import { now } from './values'
import { plugins } from './page'
import type { Sender } from './sender'

let made = 0

/** Pings when the visitor leaves the page after having looked at it for a while. */
export function makeHeartbeat(sender: () => Sender, ping: () => void) {
  let delay = 0
  let running = false
  let focused: number | null = null

  const wasViewed = (): boolean => !focused || now() - focused > delay

  function beat(): void {
    const lastRequest = sender()._state._lastRequest
    if (lastRequest && lastRequest + delay <= now()) {
      ping()
    }
  }

  function onFocus(): void {
    focused = now()
  }

  function onBlur(): void {
    if (wasViewed()) {
      beat()
    }
  }

  function onVisibility(): void {
    if (document.visibilityState === 'hidden') {
      onBlur()
    } else if (document.visibilityState === 'visible') {
      focused = now()
    }
  }

  /** Starts with the first request, if switched on. */
  function start(): void {
    if (running || !delay) {
      return
    }
    running = true
    window.addEventListener('focus', onFocus)
    window.addEventListener('blur', onBlur)
    window.addEventListener('visibilitychange', onVisibility)
    plugins['HeartBeat' + ++made] = {
      unload() {
        if (running) {
          onBlur()
        }
      }
    }
  }

  return {
    _start: start,
    _methods: {
      enableHeartBeatTimer(seconds?: number) {
        delay = Math.max(seconds || 15, 5) * 1000
        if (sender()._state._lastRequest !== null) {
          start()
        }
      },
      disableHeartBeatTimer() {
        window.removeEventListener('focus', onFocus)
        window.removeEventListener('blur', onBlur)
        window.removeEventListener('visibilitychange', onVisibility)
        delay = 0
        running = false
      }
    }
  }
}
