// First half of the script: defines `Matomo` and `Piwik`. The server may put plugins between the halves.

import { makeMatomo } from './matomo'

interface Page {
  _paq?: unknown
  Matomo?: unknown
  Piwik?: unknown
  define?: { (name: string, needs: string[], module: () => unknown): void; amd?: unknown }
}

const page = window as unknown as Page

if (typeof page._paq !== 'object') {
  page._paq = []
}
if (typeof page.Matomo !== 'object') {
  const matomo = makeMatomo(page)
  page.Matomo = page.Piwik = matomo
  const { define } = page
  if (typeof define === 'function' && define.amd) {
    define('piwik', [], () => matomo)
    define('matomo', [], () => matomo)
  }
}
