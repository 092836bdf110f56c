// What all trackers of a page share: its plugins, its listeners, and whether it is about to go away.

import { now } from './values'

export type Plugin = Record<string, unknown>
export type Handler = (...parameters: unknown[]) => void

/** Plugins by name, in the order in which they were added. */
export const plugins: Record<string, Plugin> = {}

/** Whether the browser has said that the page is being left. */
export let isUnloading = false

const waiting = new Set<() => void>()
let holdUntil = 0
const longestHold = 3000

/** The page has been left, or (in test suites) has not after all. */
export function setUnloading(unloading: boolean): void {
  isUnloading = unloading
}

/** Keeps the page from going away for so long, because a request needs the time to leave. */
export function hold(milliseconds: number): void {
  holdUntil = Math.max(holdUntil, now() + milliseconds)
}

/** Calls back after so long, or when the page is left if that is earlier: no timer runs any more then. */
export function later(callback: () => void, milliseconds: number): void {
  const once = () => waiting.delete(once) && callback()
  waiting.add(once)
  setTimeout(once, milliseconds)
}

/** Calls a method on every plugin that has it and joins what they answer. */
export function askPlugins(method: string | undefined, parameters?: unknown, callback?: unknown): string {
  let answer = ''
  if (method) {
    for (const name of Object.keys(plugins)) {
      const plugin = plugins[name]
      const handler = plugin && plugin[method]
      if (typeof handler === 'function') {
        answer += handler.call(plugin, parameters || {}, callback) || ''
      }
    }
  }
  return answer
}

/** Says goodbye to the plugins, lets go of what was put off and waits for requests on their way, three seconds at most. */
export function onBeforeUnload(): void {
  isUnloading = true
  askPlugins('unload')
  waiting.forEach(callback => callback())
  const until = Math.min(holdUntil, Date.now() + longestHold)
  while (Date.now() < until) {
    // The browser offers no other way to stay.
  }
}

export function listen(target: EventTarget, type: string, handler: EventListener, capture?: boolean): true {
  target.addEventListener(type, handler, capture || false)
  return true
}

/** Calls back when the page with all its resources has loaded, at once if it has. */
export function onLoad(callback: () => void): void {
  if (document.readyState === 'complete') {
    callback()
  } else {
    listen(window, 'load', () => callback())
  }
}

/** Calls back when the document has been parsed, at once if it has. */
export function onReady(callback: () => void): void {
  if (document.readyState !== 'loading') {
    callback()
  } else {
    listen(document, 'DOMContentLoaded', () => callback())
  }
}

/** Calls back at once, or when a prerendered page is first shown, unless such pages count. */
export function whenShown(countPrerendered: boolean | undefined, callback: () => void): void {
  if (!countPrerendered && (document as { prerendering?: boolean }).prerendering) {
    document.addEventListener('prerenderingchange', callback, { once: true })
  } else {
    callback()
  }
}

/** Where the visitor came from, seen through the frames around the page as far as the browser lets us look. */
export function referrer(): string {
  for (const around of ['top', 'parent'] as const) {
    try {
      return window[around]!.document.referrer || document.referrer
    } catch {
      // A frame of another origin: try the next one.
    }
  }
  return document.referrer
}

/** Whether the page is shown inside a frame. */
export function isFramed(): boolean {
  try {
    return !!window.frameElement && window.frameElement.nodeName.toLowerCase() === 'iframe'
  } catch {
    return true
  }
}

/** The given title, the text of a given title element, or the document's title. */
export function titleOf(given: unknown): string {
  const text = (given as { text?: string } | undefined)?.text || given
  if (typeof text === 'string' || text instanceof String) {
    return String(text)
  }
  const element = document.getElementsByTagName('title')[0]
  return element ? element.text : (text as string)
}
