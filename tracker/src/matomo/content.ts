// Reads content blocks from the page, and resolves the addresses in them. Plugins use this too: missing arguments are
// no error.

import { encode } from './url'
import { isString, trim } from './values'
import {
  findFirstNodeHavingAttribute,
  findFirstNodeHavingAttributeWithValue,
  findFirstNodeHavingClass,
  findMultiple,
  findNodesByTagName,
  findNodesHavingAttribute,
  findNodesHavingCssClass,
  getAttributeValueFromNode,
  hasNodeAttribute,
  hasNodeCssClass,
  makeNodesUnique,
  setAnyAttribute
} from './query'
import type { MaybeNode } from './query'
import { isOrWasInViewport, isVisible } from './visibility'

/** A content block: what it is called, what is shown, and where it leads. */
export interface ContentBlock {
  name: string
  piece: string
  target: string
}

type Place = Pick<Location, 'href' | 'protocol' | 'host' | 'pathname' | 'origin'>

export const CONTENT_ATTR = 'data-track-content'
export const CONTENT_CLASS = 'matomoTrackContent'
export const LEGACY_CONTENT_CLASS = 'piwikTrackContent'
export const CONTENT_NAME_ATTR = 'data-content-name'
export const CONTENT_PIECE_ATTR = 'data-content-piece'
export const CONTENT_PIECE_CLASS = 'matomoContentPiece'
export const LEGACY_CONTENT_PIECE_CLASS = 'piwikContentPiece'
export const CONTENT_TARGET_ATTR = 'data-content-target'
export const CONTENT_TARGET_CLASS = 'matomoContentTarget'
export const LEGACY_CONTENT_TARGET_CLASS = 'piwikContentTarget'
export const CONTENT_IGNOREINTERACTION_ATTR = 'data-content-ignoreinteraction'
export const CONTENT_IGNOREINTERACTION_CLASS = 'matomoContentIgnoreInteraction'
export const LEGACY_CONTENT_IGNOREINTERACTION_CLASS = 'piwikContentIgnoreInteraction'

export { trim }

export const findContentNodes = (): Element[] =>
  findMultiple(['.' + CONTENT_CLASS, '.' + LEGACY_CONTENT_CLASS, '[' + CONTENT_ATTR + ']'])

export function findContentNodesWithinNode(node?: MaybeNode): Element[] {
  return makeNodesUnique(
    findNodesHavingCssClass(node, CONTENT_CLASS).concat(
      findNodesHavingCssClass(node, LEGACY_CONTENT_CLASS),
      findNodesHavingAttribute(node, CONTENT_ATTR),
      isBlock(node) ? node! : []
    )
  )
}

export function findParentContentNode(node?: MaybeNode): Element | undefined {
  while (node && node.parentNode) {
    if (isBlock(node)) {
      return node
    }
    node = node.parentNode as Element
  }
  return undefined
}

export const findPieceNode = (node?: MaybeNode): MaybeNode =>
  findFirstNodeHavingAttribute(node, CONTENT_PIECE_ATTR) ||
  findFirstNodeHavingClass(node, CONTENT_PIECE_CLASS) ||
  findFirstNodeHavingClass(node, LEGACY_CONTENT_PIECE_CLASS) ||
  node

export const findTargetNodeNoDefault = (node?: MaybeNode): Element | undefined =>
  findFirstNodeHavingAttributeWithValue(node, CONTENT_TARGET_ATTR) ||
  findFirstNodeHavingAttribute(node, CONTENT_TARGET_ATTR) ||
  findFirstNodeHavingClass(node, CONTENT_TARGET_CLASS) ||
  findFirstNodeHavingClass(node, LEGACY_CONTENT_TARGET_CLASS)

export const findTargetNode = (node?: MaybeNode): MaybeNode => findTargetNodeNoDefault(node) || node

export const findContentName = (node?: MaybeNode): string | undefined =>
  attributeWithin(node, CONTENT_NAME_ATTR) ||
  removeDomainIfIsInLink(findContentPiece(node)) ||
  valueOf(node, 'title') ||
  valueOf(findPieceNode(node), 'title') ||
  valueOf(findTargetNode(node), 'title')

export const findContentPiece = (node?: MaybeNode): string | undefined =>
  attributeWithin(node, CONTENT_PIECE_ATTR) || toAbsoluteUrl(findMediaUrlInNode(findPieceNode(node)))

export function findContentTarget(node?: MaybeNode): string | undefined {
  const target = findTargetNode(node)
  return (
    valueOf(target, CONTENT_TARGET_ATTR) ||
    toAbsoluteUrl(valueOf(target, 'href') || valueOf(findPieceNode(node), 'href'))
  )
}

export function isSameDomain(url?: unknown): boolean {
  if (typeof url !== 'string' || !url) {
    return false
  }
  const { origin, host } = getLocation()
  const at = url.indexOf(host)
  return url.startsWith(origin) || (at >= 0 && at <= 8)
}

export function removeDomainIfIsInLink<T>(text?: T): T {
  if (typeof text === 'string' && /^https?:\/\/[^/]/.test(text) && isSameDomain(text)) {
    return (text.replace(/^.*\/\/[^/]+/, '') || '/') as T & string
  }
  return text as T
}

export function findMediaUrlInNode(node?: MaybeNode): string | undefined {
  const kind = node ? node.nodeName.toLowerCase() : ''
  if (/^(img|embed|video|audio)$/.test(kind)) {
    return attributeWithin(node, 'src')
  }
  if (kind !== 'object') {
    return undefined
  }
  const movie = findNodesByTagName(node, 'param').find(param => param.getAttribute('name') === 'movie')
  return valueOf(node, 'data') || valueOf(movie, 'value') || findMediaUrlInNode(findNodesByTagName(node, 'embed')[0])
}

export const isOrWasNodeInViewport = isOrWasInViewport

export const isNodeVisible = (node?: MaybeNode): boolean => isVisible(node) && isOrWasInViewport(node)

export function buildInteractionRequestParams(...given: unknown[]): string {
  const parameters = ['c_i', 'c_n', 'c_p', 'c_t']
    .map((name, at) => (given[at] ? name + '=' + encode(given[at] as string) : ''))
    .filter(Boolean)
  return parameters.length ? parameters.join('&') + '&ca=1' : ''
}

export const buildImpressionRequestParams = (name?: unknown, piece?: unknown, target?: unknown): string =>
  'c_n=' +
  encode(name as string) +
  '&c_p=' +
  encode(piece as string) +
  (target ? '&c_t=' + encode(target as string) : '') +
  '&ca=1'

export const buildContentBlock = (node?: MaybeNode): ContentBlock | undefined =>
  node
    ? {
        name: trim(findContentName(node)) || 'Unknown',
        piece: trim(findContentPiece(node)) || 'Unknown',
        target: trim(findContentTarget(node)) || ''
      }
    : undefined

export const collectContent = (nodes?: MaybeNode[]): ContentBlock[] =>
  (nodes || []).map(buildContentBlock).filter(Boolean) as ContentBlock[]

let place: Place | undefined

/** Test suites move the page elsewhere. */
export function setLocation(elsewhere?: Place): void {
  place = elsewhere
}

export const getLocation = (): Place => place || location

/** Resolves an address, and leaves alone what is none. */
export function toAbsoluteUrl<T>(url?: T): T {
  if (typeof url !== 'string') {
    return url as T
  }
  const { href, protocol, origin, pathname } = getLocation()
  const absolute =
    url === ''
      ? href
      : url.startsWith('//')
        ? protocol + url
        : url.includes('://') || /^[a-z]{2,11}:/i.test(url)
          ? url
          : /^[#?]/.test(url)
            ? origin + pathname + url
            : url[0] === '/'
              ? origin + url
              : origin + pathname.slice(0, pathname.lastIndexOf('/') + 1) + url
  return absolute as T & string
}

export function isUrlToCurrentDomain(url?: string): boolean {
  const absolute = toAbsoluteUrl(url)
  const { origin } = getLocation()
  return isString(absolute) && absolute.startsWith(origin) && absolute[origin.length] !== ':'
}

export function setHrefAttribute(node?: MaybeNode, url?: string): void {
  if (url) {
    setAnyAttribute(node, 'href', url)
  }
}

export const shouldIgnoreInteraction = (node?: MaybeNode): boolean =>
  hasNodeAttribute(node, CONTENT_IGNOREINTERACTION_ATTR) ||
  hasNodeCssClass(node, CONTENT_IGNOREINTERACTION_CLASS) ||
  hasNodeCssClass(node, LEGACY_CONTENT_IGNOREINTERACTION_CLASS)

const isBlock = (node: MaybeNode): boolean =>
  hasNodeAttribute(node, CONTENT_ATTR) ||
  hasNodeCssClass(node, CONTENT_CLASS) ||
  hasNodeCssClass(node, LEGACY_CONTENT_CLASS)

/** An attribute's value, unless it is empty. */
const valueOf = (node: MaybeNode, name: string): string | undefined =>
  getAttributeValueFromNode(node, name) || undefined

/** The first value of an attribute that is not empty, on the node or below it. */
const attributeWithin = (node: MaybeNode, name: string): string | undefined =>
  valueOf(findFirstNodeHavingAttributeWithValue(node, name), name)
