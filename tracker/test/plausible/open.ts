import { inject } from 'vitest'
import { assemble } from '../../build/blocks.mjs'
import { openPage } from '../page'
import type { Page, PageOptions } from '../page'

const scripts = inject('scripts')

/** The script with the given extensions, as the server puts it together. */
export function variant(...extensions: string[]): string {
  return assemble(extensions.includes('compat') ? scripts.compatTemplate : scripts.template, extensions)
}

export interface ScriptedPage extends Page {
  plausible(name: string, options?: object): void
  /** What the events said. */
  events(): Record<string, unknown>[]
}

/** A page of the site `example.org` with the script of the given extensions. */
export function openScripted(extensions: string[] = [], options: PageOptions = {}): ScriptedPage {
  const page = openPage({
    ...options,
    url: options.url || 'https://example.org/path',
    tag: { src: 'https://stats.example/js/script.js', 'data-domain': 'example.org', id: 'plausible', ...options.tag }
  })
  page.run(variant(...extensions))
  return scripted(page)
}

/** A page with the script of its site, which waits for `plausible.init`. */
export function openSite(config: object, init?: object, options: PageOptions = {}): ScriptedPage {
  const page = openPage({ ...options, url: options.url || 'https://example.org/path' })
  page.run(
    'window.plausible=window.plausible||function(){(plausible.q=plausible.q||[]).push(arguments)},' +
      'plausible.init=plausible.init||function(i){plausible.o=i||{}}'
  )
  if (init) {
    page.window.plausible.init(init)
  }
  const baked = { domain: 'example.org', endpoint: 'https://stats.example/api/event', ...config }
  page.run(scripts.site.replace('"%CONFIG%"', () => JSON.stringify(baked)))
  return scripted(page)
}

function scripted(page: Page): ScriptedPage {
  return Object.assign(page, {
    plausible: (name: string, options?: object) => page.window.plausible(name, options),
    events: () => page.sent.map(({ body }) => JSON.parse(body))
  })
}
