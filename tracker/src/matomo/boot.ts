// Second half of the script: lets plugins and the page set up, then makes the first tracker if there is a use for one.

import { report } from './values'
import { installLegacy } from './legacy'
import type { Matomo } from './matomo'

interface Page {
  _paq?: unknown
  Matomo: Matomo
  AnalyticsTracker?: Matomo
  matomoPluginAsyncInit?: unknown
  piwikAsyncInit?: () => void
  matomoAsyncInit?: () => void
}

const page = window as unknown as Page

if (Array.isArray(page.matomoPluginAsyncInit)) {
  for (const init of page.matomoPluginAsyncInit) {
    if (typeof init === 'function') {
      init()
    }
  }
}
if (page.piwikAsyncInit) {
  page.piwikAsyncInit()
}
if (page.matomoAsyncInit) {
  page.matomoAsyncInit()
}

if (!page.Matomo.getAsyncTrackers().length) {
  if (page._paq && (page._paq as unknown[]).length) {
    page.Matomo.addTracker()
  } else {
    page._paq = {
      push(call: unknown) {
        report('no tracker: `_paq` was empty when the script came', call)
      }
    }
  }
}

page.Matomo.trigger('MatomoInitialized', [])
page.Matomo.initialized = true
page.AnalyticsTracker = page.AnalyticsTracker || page.Matomo
installLegacy(page as never, page.Matomo)
