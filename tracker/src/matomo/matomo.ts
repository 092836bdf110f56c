import { askPlugins, isUnloading, listen, onBeforeUnload, onLoad, onReady, plugins } from './page'
import type { Handler, Plugin } from './page'
import { makeCalls } from './calls'
import type { Call } from './calls'
import { isNodeVisible } from './content'
import { answerOptOutFrame } from './optOut'
import { makeTracker } from './tracker'
import type { Tracker } from './tracker'
import { isVisible } from './visibility'

type Site = string | number | null

/** What the page knows as `Matomo`: the trackers, the events and the plugins of the page. */
export function makeMatomo(page: { _paq?: unknown }) {
  const handlers: Record<string, Handler[]> = {}
  let trackers: Tracker[] = []

  const calls = makeCalls(
    () => trackers,
    () => matomo as unknown as Record<string, unknown>
  )

  function create(url?: string | null, site?: Site): Tracker {
    const tracker = makeTracker(url || undefined, site || undefined)
    tracker.addTracker = (otherUrl?: string | null, otherSite?: Site) => {
      const other = create(otherUrl ?? tracker.getTrackerUrl(), otherSite)
      trackers.push(other)
      matomo.trigger('TrackerAdded', [tracker])
      return other
    }
    tracker.removeAllAsyncTrackersButFirst = () => {
      trackers = trackers.slice(0, 1)
    }
    matomo.trigger('TrackerSetup', [tracker])
    return tracker
  }

  /** The first tracker takes over the page's queue. */
  function createFirst(url?: string | null, site?: Site): Tracker {
    const tracker = create(url, site)
    trackers.push(tracker)
    calls._applyAll(page._paq as Call[])
    page._paq = { push: calls._apply }
    matomo.trigger('TrackerAdded', [tracker])
    return tracker
  }

  const matomo = {
    initialized: false,
    JSON,
    DOM: {
      addEventListener: listen,
      onLoad,
      onReady,
      isNodeVisible: isVisible,
      isOrWasNodeVisible: isNodeVisible
    },

    on(event: string, handler: Handler) {
      handlers[event] = (handlers[event] || []).concat(handler)
    },
    off(event: string, handler: Handler) {
      handlers[event] = (handlers[event] || []).filter(one => one !== handler)
    },
    trigger(event: string, parameters?: unknown[], context?: unknown) {
      for (const handler of handlers[event] || []) {
        handler.apply(context || window, parameters || [])
      }
    },

    addPlugin(name: string, plugin: Plugin) {
      plugins[name] = plugin
    },
    retryMissedPluginCalls: calls._retryMissed,

    /** A tracker of its own, which the page's queue does not reach. */
    getTracker(url?: string | null, site?: Site): Tracker {
      const first = url === undefined || site === undefined ? matomo.getAsyncTracker() : undefined
      return create(url === undefined ? first!.getTrackerUrl() : url, site === undefined ? first!.getSiteId() : site)
    },
    getAsyncTrackers: () => trackers,
    addTracker: (url?: string | null, site?: Site): Tracker =>
      trackers.length ? trackers[0].addTracker(url, site) : createFirst(url, site),
    /** The first tracker, made if there is none; with an address or a site the tracker that has them. */
    getAsyncTracker(url?: string | null, site?: Site): Tracker {
      const first = trackers[0]
      if (!first) {
        return createFirst(url, site)
      }
      if (!url && !site) {
        return first
      }
      const wantedUrl = url ?? first.getTrackerUrl()
      const wantedSite = String(site ?? first.getSiteId())
      return trackers.find(
        tracker => tracker.getTrackerUrl() === wantedUrl && String(tracker.getSiteId()) === wantedSite
      )!
    }
  }

  listen(window, 'beforeunload', onBeforeUnload)
  listen(window, 'visibilitychange', () => {
    if (!isUnloading && document.visibilityState === 'hidden') {
      askPlugins('unload')
    }
  })
  listen(window, 'online', wakeServiceWorker)
  listen(window, 'message', event => answerOptOutFrame(event as MessageEvent, trackers))
  return matomo
}

export type Matomo = ReturnType<typeof makeMatomo>

/** A service worker may hold requests from the time without a connection. */
function wakeServiceWorker(): void {
  const { serviceWorker } = navigator
  if (serviceWorker) {
    serviceWorker.ready.then(
      worker => (worker as { sync?: { register(tag: string): unknown } }).sync?.register('matomoSync'),
      () => undefined
    )
  }
}
