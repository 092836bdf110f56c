/** What a page passes along with an event. */
export interface Options {
  props?: Record<string, unknown>
  callback?: (outcome?: { status: number } | { error: unknown }) => void
  interactive?: boolean
  revenue?: { amount?: number | string; currency?: string }
  /** The address to report instead of the page's own; `u` is the older name. */
  url?: string
  u?: string
  /** Properties under their oldest name, sent as `props`. */
  meta?: Record<string, unknown>
}

/** An event as it travels. */
export interface Payload {
  n: string
  /** Version of the script. */
  v: number
  u: string
  d: string
  r?: string | null
  p?: Record<string, unknown>
  i?: boolean
  h?: number
  $?: Options['revenue']
  sd?: number
  e?: number
}

/** What `plausible.init` takes. */
export interface Init {
  endpoint?: string
  hashBasedRouting?: boolean
  fileDownloads?: boolean | { fileExtensions: string[] }
  outboundLinks?: boolean
  formSubmissions?: boolean
  captureOnLocalhost?: boolean
  autoCapturePageviews?: boolean
  customProperties?: Record<string, unknown> | ((event: string) => Record<string, unknown>)
  logging?: boolean
  transformRequest?: (payload: Payload) => Payload | null
}

/** A site's settings as the server writes them into its own script. */
export interface Config extends Init {
  domain: string
  endpoint: string
}

export interface Plausible {
  (name: string, options?: Options): void
  /** Calls made before the script came. */
  q?: ArrayLike<unknown>[]
  /** Options given to `init` before the script came. */
  o?: Init
  init?: (options?: Init) => void
  /** Loaded. */
  l?: boolean
  v?: number
  s?: string
}

/** What a page's global object may hold. */
export interface Page {
  plausible?: Plausible
  fetch?: unknown
  /** Set by tests that want their robots counted. */
  __plausible?: boolean
  /** Marks of robots. */
  _phantom?: unknown
  __nightmare?: unknown
  Cypress?: unknown
}
