// Where events go and for which site. Comments that begin with an exclamation mark divide the script into the blocks
// that a variant takes or leaves, see `README.md`; and because it must be tiny, conditions are often written with `&&`.

import type { Config, Init, Page } from './types'

export var page = window as unknown as Page
export var script: HTMLScriptElement, domain: string, endpoint: string | URL

/*!if web*/
export var config = '%CONFIG%' as unknown as Config

/** Takes what the page asks for over what the site's settings say; only the domain stays. */
export function configure(wanted: Init): void {
  domain = config.domain
  Object.assign(config, wanted, { domain })
  endpoint = config.endpoint
}
/*!else*/
/*!if compat*/
script = document.getElementById('plausible') as HTMLScriptElement
endpoint = script.dataset.api || script.src.replace(/^(\w+:\/\/[^/]+).*/, '$1/api/event')
/*!else*/
script = document.currentScript as HTMLScriptElement
endpoint = script.dataset.api || new URL('/api/event', script.src)
/*!end*/
domain = script.dataset.domain!
/*!end*/
