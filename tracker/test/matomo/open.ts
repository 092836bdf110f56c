import { inject } from 'vitest'
import { openPage } from '../page'
import type { Page, PageOptions } from '../page'

const script = inject('scripts').matomo

export interface TrackedPage extends Page {
  /** Calls a method through the page's queue. */
  push(...call: unknown[]): void
  /** The first tracker. */
  tracker(): Record<string, any>
  /** A cookie's value by the start of its name. */
  cookie(name: string): string | undefined
}

/** A page of site 1 whose queue holds the given calls when the script comes. */
export function openTracked(calls: unknown[][] = [], options: PageOptions = {}): TrackedPage {
  const page = openPage(options)
  page.window._paq = page.window.eval('[]')
  for (const call of [['setTrackerUrl', 'https://stats.example.org/matomo.php'], ['setSiteId', 1], ...calls]) {
    page.window._paq.push(call)
  }
  page.run(script)
  return Object.assign(page, {
    push: (...call: unknown[]) => page.window._paq.push(call),
    tracker: () => page.window.Matomo.getAsyncTracker(),
    cookie: (name: string) =>
      page.document.cookie
        .split('; ')
        .find(pair => pair.startsWith(name))
        ?.split('=')[1]
  })
}

/** The parameters of one request that are not the same in every request. */
export function own(request: URLSearchParams): Record<string, string> {
  const common =
    /^(idsite|rec|r|h|m|s|url|urlref|_id|_idn|send_image|_refts|pv_id|uadata|cookie|res|pdf|qt|realp|wma|fla|java|ag)$/
  return Object.fromEntries([...request].filter(([name]) => !common.test(name)))
}
