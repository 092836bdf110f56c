import { decode, plainDomain, withParameter, withoutParameter } from './url'
import { listOf } from './values'
import { isSameHost } from './hosts'
import { listen, onReady } from './page'
import { crossDomainParameter } from './visitor'
import type { Address } from './address'
import type { Settings } from './settings'
import type { Visitor } from './visitor'

export type LinkType = 'link' | 'download'
type Anchor = HTMLAnchorElement
type TrackLink = (url: string, type: LinkType, element: Element) => void

const middleButton = 1

/** Tells outlinks and downloads from inner links, and follows clicks on them. */
export function makeLinks(settings: Settings, address: Address, visitor: Visitor, track: TrackLink) {
  let enabled = false
  let installed = false
  let pressed: { button: number; target: Element } | null = null

  const isTracker = (url: string): boolean => !!settings._trackerUrl && !!url && url.startsWith(settings._trackerUrl)

  /** What following a link means, 0 when it stays within the site. */
  function typeOf(className: string, href: string, isInside: boolean, hasDownload?: boolean): LinkType | 0 {
    if (isTracker(href)) {
      return 0
    }
    if (classPattern(settings._linkClasses, 'link').test(className)) {
      return 'link'
    }
    const extension = new RegExp('\\.(' + settings._downloadExtensions.join('|') + ')([?&#]|$)', 'i')
    if (hasDownload || classPattern(settings._downloadClasses, 'download').test(className) || extension.test(href)) {
      return 'download'
    }
    return isInside ? 0 : 'link'
  }

  /** The address and meaning of the link around an element, if it is one to track. */
  function linkAround(element: Element): { type: LinkType; href: string } | undefined {
    const anchor = anchorAround(element) as Anchor
    if (!anchor || !anchor.hasAttribute('href') || typeof anchor.href !== 'string') {
      return undefined
    }
    const host = anchor.hostname.toLowerCase()
    const href = anchor.href.replace(anchor.hostname, host)
    if (/^(javascript|vbscript|jscript|mocha|livescript|ecmascript|mailto|tel):/i.test(href)) {
      return undefined
    }
    const isInside = address._isSite(host, anchor.pathname)
    const type = typeOf(anchor.className, href, isInside, anchor.hasAttribute('download'))
    return type ? { type, href } : undefined
  }

  /** Whether a link leads to another domain of this very site. */
  function leadsAcross(anchor: Anchor): boolean {
    const host = anchor.hostname.toLowerCase()
    return (
      /^(https?:)?\/\//.test(anchor.getAttribute('href') || '') &&
      address._isSite(host, anchor.pathname) &&
      !isSameHost(settings._domain, plainDomain(host))
    )
  }

  /** Adds the visitor to a link, or brings up to date what was added before. */
  function carryVisitor(anchor: Element | null | undefined): void {
    const href = anchor && anchor.getAttribute('href')
    if (href && !isTracker(href) && visitor._infoSaved()[1]) {
      const plain = withoutParameter(href, crossDomainParameter)
      anchor.setAttribute('href', withParameter(plain, crossDomainParameter, visitor._carried()))
    }
  }

  function follow(element: Element): void {
    const link = linkAround(element)
    if (link) {
      track(decode(link.href), link.type, element)
      return
    }
    const anchor = settings._crossDomain && (anchorAround(element) as Anchor)
    if (anchor && leadsAcross(anchor)) {
      carryVisitor(anchor)
    }
  }

  function onMouse(event: MouseEvent, pseudo: boolean): void {
    const target = anchorAround(event.target as Element)
    if (!target || classPattern(settings._ignoreClasses, 'ignore').test((target as Anchor).className)) {
      return
    }
    const { type, button } = event
    if (type === 'contextmenu' || (type === 'click' && !(pseudo && button === middleButton))) {
      follow(target)
    } else if (type === 'mousedown') {
      pressed = button === middleButton ? { button, target } : null
    } else if (type === 'mouseup') {
      if (pressed && pressed.button === button && pressed.target === target) {
        follow(target)
      }
      pressed = null
    }
  }

  /** Follows clicks below an element; with `pseudo` also the middle button and the context menu. */
  function watch(element: EventTarget, pseudo = true, isWanted = () => true, capture = false): void {
    for (const type of pseudo ? ['click', 'mouseup', 'mousedown', 'contextmenu'] : ['click']) {
      listen(element, type, event => isWanted() && onMouse(event as MouseEvent, pseudo), capture)
    }
  }

  return {
    _typeOf: typeOf,
    _linkAround: linkAround,
    _leadsAcross: leadsAcross,
    _carryVisitor: carryVisitor,
    _isEnabled: () => enabled,
    _methods: {
      addListener(element: Element, enable?: boolean) {
        watch(element, enable)
      },
      enableLinkTracking(enable?: boolean) {
        enabled = true
        if (!installed) {
          installed = true
          onReady(() => watch(document.body, enable, () => enabled, true))
        }
      },
      disableLinkTracking() {
        enabled = false
      },
      setDownloadExtensions(given: string | string[]) {
        settings._downloadExtensions = extensions(given)
      },
      addDownloadExtensions(given: string | string[]) {
        settings._downloadExtensions = settings._downloadExtensions.concat(extensions(given))
      },
      removeDownloadExtensions(given: string | string[]) {
        const unwanted = extensions(given)
        settings._downloadExtensions = settings._downloadExtensions.filter(one => !unwanted.includes(one))
      },
      getConfigDownloadExtensions: () => settings._downloadExtensions,
      setDownloadClasses(given: string | string[]) {
        settings._downloadClasses = listOf(given)
      },
      setLinkClasses(given: string | string[]) {
        settings._linkClasses = listOf(given)
      },
      setIgnoreClasses(given: string | string[]) {
        settings._ignoreClasses = listOf(given)
      },
      setLinkTrackingTimer(pause: number) {
        settings._pause = pause
      },
      getLinkTrackingTimer: () => settings._pause
    }
  }
}

export type Links = ReturnType<typeof makeLinks>

/** Matches a class list that says what a link is to be treated as: `matomo_link`, `piwik-link`, or a configured name. */
export function classPattern(names: string[], role: string): RegExp {
  return new RegExp('(^| )(' + ['piwik[_-]' + role, 'matomo[_-]' + role].concat(names).join('|') + ')( |$)')
}

const extensions = (given: string | string[]): string[] => (typeof given === 'string' ? given.split('|') : given)

function anchorAround(element: Element | null): Element | null {
  let at: Node | null = element
  while (at && !/^(a|area)$/i.test(at.nodeName)) {
    at = at.parentNode
  }
  return at as Element | null
}
