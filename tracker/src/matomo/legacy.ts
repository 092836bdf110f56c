import type { Matomo } from './matomo'

type Legacy = Record<string, unknown>

/** The calls of the oldest snippets: `piwik_log` tracks the page, `piwik_track` a click. */
export function installLegacy(page: Legacy, matomo: Matomo): void {
  if (typeof page.piwik_log === 'function') {
    return
  }
  page.piwik_log = (title: string, siteId: string | number, url: string, customData: unknown) => {
    const tracker = matomo.getTracker(url, siteId)
    tracker.setDocumentTitle(title)
    tracker.setCustomData(customData)
    const options: [string, string][] = [
      ['tracker_pause', 'setLinkTrackingTimer'],
      ['download_extensions', 'setDownloadExtensions'],
      ['hosts_alias', 'setDomains'],
      ['ignore_classes', 'setIgnoreClasses']
    ]
    for (const [option, method] of options) {
      const value = page['piwik_' + option]
      if (value) {
        tracker[method](value)
      }
    }
    tracker.trackPageView()
    if (page.piwik_install_tracker) {
      page.piwik_track = (target: string, site: string | number, trackerUrl: string, type: string) => {
        tracker.setSiteId(site)
        tracker.setTrackerUrl(trackerUrl)
        tracker.trackLink(target, type)
      }
      tracker.enableLinkTracking()
    }
  }
}
