// A page in a browser without a browser: its clock stands still until it is moved, chance always says the same, and
// every request it makes is kept.

import { JSDOM, VirtualConsole } from 'jsdom'

export interface Sent {
  via: 'beacon' | 'image' | 'post' | 'fetch'
  url: string
  body: string
}

export interface PageOptions {
  url?: string
  referrer?: string
  html?: string
  cookies?: string[]
  /** What the page's own script sets before ours comes. */
  globals?: Record<string, unknown>
  /** The tag that loads the script, as attributes. */
  tag?: Record<string, string>
  hints?: Record<string, unknown>
  withoutBeacon?: boolean
  /** Opens in the background. */
  isHidden?: boolean
  /** When the page opens, in milliseconds since the epoch. */
  time?: number
}

type Window = JSDOM['window'] & Record<string, any>

export interface Page {
  window: Window
  document: Document
  sent: Sent[]
  /** Every cookie as it was written. */
  cookies: string[]
  warnings: string[]
  errors: string[]
  /** Runs a script in the page. */
  run(script: string): void
  /** Moves the clock, and lets what is due happen. */
  pass(milliseconds: number): void
  /** Leaves the page: timers rest, and every look at the clock takes a millisecond. */
  leave(): void
  /** Lets promises settle. */
  settle(): Promise<void>
  /** Everything sent, as parameters of single requests, bulk ones taken apart. */
  requests(): URLSearchParams[]
  /** Clicks on an element, with the left button unless told otherwise. */
  click(selector: string, options?: MouseEventInit & { type?: string }): MouseEvent
  show(visibility: 'visible' | 'hidden', hasFocus: boolean): void
}

export const noon = Date.UTC(2026, 10, 21, 12, 0, 0)

export function openPage(options: PageOptions = {}): Page {
  const warnings: string[] = []
  const errors: string[] = []
  const console = new VirtualConsole()
  console.on('warn', message => warnings.push(String(message)))
  console.on('error', message => errors.push(String(message)))
  const dom = new JSDOM(`<!doctype html><title>Home</title><body>${options.html || ''}</body>`, {
    url: options.url || 'https://example.org/path?q=1',
    referrer: options.referrer,
    runScripts: 'outside-only',
    pretendToBeVisual: true,
    virtualConsole: console
  })
  const window = dom.window as Window
  const { document } = window
  const sent: Sent[] = []
  const clock = makeClock(options.time ?? noon)
  const cookies = makeCookies(window.location.hostname, clock.now)
  Object.defineProperty(document, 'cookie', { get: cookies.read, set: cookies.write })
  for (const cookie of options.cookies || []) {
    document.cookie = cookie
  }
  cookies.written.length = 0
  let hasFocus = !options.isHidden
  let visibility = options.isHidden ? 'hidden' : 'visible'

  class PageDate extends window.Date {
    constructor(...given: unknown[]) {
      super(...((given.length ? given : [clock.now()]) as [number]))
    }
    static now(): number {
      return clock.now()
    }
  }
  class PageImage {
    onload?: () => void
    set src(url: string) {
      sent.push({ via: 'image', url, body: '' })
      clock.later(() => this.onload?.(), 1)
    }
  }
  class PageBlob {
    constructor(readonly parts: string[]) {}
  }
  class PageXhr {
    readyState = 0
    status = 0
    withCredentials = false
    onreadystatechange?: () => void
    onloadend?: () => void
    private url = ''
    open(_method: string, url: string): void {
      this.url = String(url)
    }
    setRequestHeader(): void {}
    send(body: string): void {
      sent.push({ via: 'post', url: this.url, body })
      clock.later(() => {
        Object.assign(this, { readyState: 4, status: 204 })
        this.onreadystatechange?.()
        this.onloadend?.()
      }, 1)
    }
  }
  class PageResizeObserver {
    observe(): void {}
  }

  const define = (target: object, name: string, get: () => unknown) =>
    Object.defineProperty(target, name, { get, configurable: true })
  define(document, 'visibilityState', () => visibility)
  define(document, 'currentScript', () => tag)
  define(document, 'domain', () => window.location.hostname)
  define(document, 'readyState', () => 'complete')
  define(document, 'scrollingElement', () => document.documentElement)
  document.hasFocus = () => hasFocus
  Object.assign(window, {
    Date: PageDate,
    Image: PageImage,
    Blob: PageBlob,
    XMLHttpRequest: PageXhr,
    ResizeObserver: PageResizeObserver,
    setTimeout: clock.later,
    clearTimeout: clock.forget,
    fetch(url: string, { body }: { body: string }) {
      sent.push({ via: 'fetch', url: String(url), body })
      return window.Promise.resolve({ status: 202 })
    }
  })
  window.Math.random = () => 0.5
  define(window, 'crypto', () => ({ getRandomValues: (bytes: Uint8Array) => bytes.fill(0xab) }))
  define(window, 'screen', () => ({ width: 1280, height: 720 }))
  define(window.navigator, 'webdriver', () => false)
  define(window.navigator, 'mimeTypes', () => [])
  define(window.navigator, 'userAgentData', () => options.hints)
  if (!options.withoutBeacon) {
    Object.assign(window.navigator, {
      sendBeacon(url: string, blob: PageBlob) {
        sent.push({ via: 'beacon', url, body: blob.parts.join('') })
        return true
      }
    })
  }
  Object.assign(window, options.globals)

  const tag = document.createElement('script')
  for (const [name, value] of Object.entries(options.tag || {})) {
    tag.setAttribute(name, value)
  }
  if (options.tag) {
    document.head.appendChild(tag)
  }

  return {
    window,
    document,
    sent,
    cookies: cookies.written,
    warnings,
    errors,
    run: script => window.eval(script),
    pass: clock.pass,
    leave() {
      clock.run()
      window.dispatchEvent(new window.Event('beforeunload'))
      clock.stop()
    },
    async settle() {
      for (let turn = 0; turn < 5; turn++) {
        await Promise.resolve()
      }
    },
    requests() {
      return sent.flatMap(({ url, body }) => {
        if (body.startsWith('{"requests"')) {
          const bulk = JSON.parse(body) as { requests: string[] }
          return bulk.requests.map(one => new URLSearchParams(one))
        }
        return [new URLSearchParams(body || url.split('?')[1])]
      })
    },
    click(selector, { type = 'click', ...init } = {}) {
      const event = new window.MouseEvent(type, { bubbles: true, cancelable: true, ...init })
      document.querySelector(selector)!.dispatchEvent(event)
      return event as unknown as MouseEvent
    },
    show(nextVisibility, nextFocus) {
      visibility = nextVisibility
      hasFocus = nextFocus
      document.dispatchEvent(new window.Event('visibilitychange', { bubbles: true }))
    }
  }
}

function makeClock(start: number) {
  let time = start
  let step = 0
  let made = 0
  let due: { id: number; at: number; act: () => void }[] = []
  return {
    now: () => (time += step),
    run: () => void (step = 1),
    stop: () => void (step = 0),
    later(act: () => void, delay = 0): number {
      due.push({ id: ++made, at: time + delay, act })
      return made
    },
    forget(id: number): void {
      due = due.filter(one => one.id !== id)
    },
    pass(milliseconds: number): void {
      const end = time + milliseconds
      for (;;) {
        const next = due.filter(one => one.at <= end).sort((a, b) => a.at - b.at || a.id - b.id)[0]
        if (!next) {
          break
        }
        due = due.filter(one => one !== next)
        time = Math.max(time, next.at)
        next.act()
      }
      time = end
    }
  }
}

/** Cookies by the page's clock. A browser refuses those for other domains. */
function makeCookies(host: string, now: () => number) {
  const jar = new Map<string, { value: string; until: number }>()
  const written: string[] = []
  return {
    written,
    read: () =>
      [...jar]
        .filter(([, { until }]) => until > now())
        .map(([name, { value }]) => name + '=' + value)
        .join('; '),
    write(cookie: string): void {
      written.push(cookie)
      const [pair, ...attributes] = cookie.split(';')
      const attribute = (name: string) => attributes.find(one => one.trim().startsWith(name + '='))?.split('=')[1]
      const domain = attribute('domain')
      if (!domain || ('.' + host).endsWith('.' + domain.replace(/^\./, ''))) {
        const [name, value] = pair.split(/=(.*)/s)
        jar.set(name, { value, until: Date.parse(attribute('expires') || '') || Infinity })
      }
    }
  }
}
