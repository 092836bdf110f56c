import { trim } from './values'
import { listen, onLoad, onReady, whenShown } from './page'
import * as content from './content'
import type { ContentBlock } from './content'
import type { MaybeNode } from './query'
import type { Compose } from './request'
import type { Links } from './links'
import type { RequestQueue } from './requestQueue'
import type { Settings } from './settings'

type Watched = Element & { contentInteractionTrackingSetupDone?: boolean }

const scrollCheck = 100

/** Sends impressions of content blocks, each once a page view, and interactions with them. */
export function makeContentTracking(
  settings: Settings,
  compose: Compose,
  queue: RequestQueue,
  links: Links
) {
  let tracked: ContentBlock[] = []
  let onlyVisible = false

  const whenPageShown = (callback: () => void): void => whenShown(settings._countPrerendered, callback)

  const wasTracked = (block: ContentBlock): boolean =>
    tracked.some(one => one.name === block.name && one.piece === block.piece && one.target === block.target)

  /** Whether touching an element counts as touching the block around it. */
  function mayTrigger(block: MaybeNode, touched: MaybeNode): boolean {
    if (!block || !touched || content.shouldIgnoreInteraction(content.findTargetNode(block))) {
      return false
    }
    const target = content.findTargetNodeNoDefault(block)
    return !target || target.contains(touched)
  }

  /** The parameters that add an interaction to a request, if the element lies in a block that allows it. */
  function interactionParameters(node?: MaybeNode, interaction?: string, fallbackTarget?: string): string | undefined {
    const parent = content.findParentContentNode(node)
    if (!mayTrigger(parent, node)) {
      return undefined
    }
    const block = content.buildContentBlock(parent)!
    return content.buildInteractionRequestParams(interaction, block.name, block.piece, block.target || fallbackTarget)
  }

  function interactionRequest(...given: unknown[]): string | undefined {
    const parameters = content.buildInteractionRequestParams(...given)
    return parameters ? compose(parameters, null, 'contentInteraction') : undefined
  }

  function nodeInteractionRequest(node?: MaybeNode, interaction?: string): string | undefined {
    const block = content.buildContentBlock(content.findParentContentNode(node))
    return block && interactionRequest(interaction || 'Unknown', block.name, block.piece, block.target)
  }

  /** Handles clicks on a target: links that are tracked anyway take the interaction along. */
  function clickHandler(target?: MaybeNode) {
    return (event?: { target: EventTarget | null }): unknown => {
      if (!target) {
        return undefined
      }
      const block = content.findParentContentNode(target)
      const touched = (event && (event.target as Element)) || target
      if (!mayTrigger(block, touched)) {
        return undefined
      }
      const link = links._isEnabled() && links._linkAround(content.findTargetNode(block)!)
      return link ? link.type : methods.trackContentInteractionNode(touched, 'click')
    }
  }

  function watchInteractions(nodes?: MaybeNode[]): void {
    for (const node of nodes || []) {
      const target = content.findTargetNode(node) as Watched | undefined
      if (target && !target.contentInteractionTrackingSetupDone) {
        target.contentInteractionTrackingSetupDone = true
        listen(target, 'click', clickHandler(target) as EventListener)
      }
    }
  }

  function impressionRequest(name: unknown, piece: unknown, target?: unknown): string {
    return compose(content.buildImpressionRequestParams(name, piece, target), null, 'contentImpression')
  }

  function blockRequests(blocks?: ContentBlock[], nodes?: MaybeNode[]): string[] {
    const fresh = (blocks || []).filter(block => !wasTracked(block) && tracked.push(block))
    if (fresh.length) {
      watchInteractions(nodes)
    }
    return fresh
      .map(block =>
        compose(
          content.buildImpressionRequestParams(block.name, block.piece, block.target),
          undefined,
          'contentImpressions'
        )
      )
      .filter(Boolean)
  }

  const nodeRequests = (nodes?: MaybeNode[]): string[] => blockRequests(content.collectContent(nodes), nodes)

  const visibleRequests = (nodes?: MaybeNode[]): string[] => nodeRequests((nodes || []).filter(content.isNodeVisible))

  /** Looks for newly visible blocks after scrolling and every now and then. */
  function keepLooking(onScroll: boolean, interval: number | string): true {
    if (onlyVisible) {
      return true
    }
    onlyVisible = true
    onLoad(() => {
      let scrolled = false
      const again = (pause: number, isDue: () => boolean): void => {
        setTimeout(() => {
          if (onlyVisible) {
            if (isDue()) {
              scrolled = false
              methods.trackVisibleContentImpressions()
            }
            again(pause, isDue)
          }
        }, pause)
      }
      if (onScroll) {
        for (const type of ['scroll', 'resize']) {
          listen(document, type, () => (scrolled = true))
        }
        again(scrollCheck, () => scrolled)
      }
      if (Number(interval) > 0) {
        again(parseInt(String(interval), 10), () => true)
      }
    })
    return true
  }

  const methods = {
    trackAllContentImpressions() {
      whenPageShown(() => onReady(() => queue.pushMultiple(nodeRequests(content.findContentNodes()))))
    },
    trackVisibleContentImpressions(onScroll = true, interval: number | string = 750) {
      keepLooking(onScroll, interval)
      whenPageShown(() => onLoad(() => queue.pushMultiple(visibleRequests(content.findContentNodes()))))
    },
    trackContentImpressionsWithinNode(node?: MaybeNode) {
      if (!node) {
        return
      }
      whenPageShown(() => {
        const [when, requests] = onlyVisible ? [onLoad, visibleRequests] : [onReady, nodeRequests]
        when(() => queue.pushMultiple(requests(content.findContentNodesWithinNode(node))))
      })
    },
    trackContentImpression(name?: string, piece?: string, target?: string) {
      const plain = trim(name)
      if (plain) {
        whenPageShown(() => queue.push(impressionRequest(plain, trim(piece) || 'Unknown', trim(target))))
      }
    },
    trackContentInteraction(interaction?: string, name?: string, piece?: string, target?: string) {
      const [kind, plain] = [trim(interaction), trim(name)]
      if (kind && plain) {
        whenPageShown(() => queue.push(interactionRequest(kind, plain, trim(piece) || 'Unknown', trim(target))))
      }
    },
    /** Returns the request, which only tests make use of. */
    trackContentInteractionNode(node?: MaybeNode, interaction?: string): string | null | undefined {
      if (!node) {
        return undefined
      }
      let request: string | null | undefined = null
      whenPageShown(() => {
        request = nodeInteractionRequest(node, interaction)
        queue.push(request)
      })
      return request
    },
    logAllContentBlocksOnPage() {
      console.log(content.collectContent(content.findContentNodes()))
    },
    enableTrackOnlyVisibleContent: keepLooking,
    clearEnableTrackOnlyVisibleContent() {
      onlyVisible = false
    },
    clearTrackedContentImpressions() {
      tracked = []
    },
    getTrackedContentImpressions: () => tracked
  }

  return {
    _methods: methods,
    _interactionParameters: interactionParameters,
    _forget: methods.clearTrackedContentImpressions,
    /** By the names test suites know. */
    _internals: DEBUG && {
      buildContentImpressionRequest: impressionRequest,
      buildContentInteractionRequest: interactionRequest,
      buildContentInteractionRequestNode: nodeInteractionRequest,
      getContentImpressionsRequestsFromNodes: nodeRequests,
      getCurrentlyVisibleContentImpressionsRequestsIfNotTrackedYet: visibleRequests,
      buildContentImpressionsRequests: blockRequests,
      wasContentImpressionAlreadyTracked: wasTracked,
      appendContentInteractionToRequestIfPossible: interactionParameters,
      setupInteractionsTracking: watchInteractions,
      trackContentImpressionClickInteraction: clickHandler,
      isNodeAuthorizedToTriggerInteraction: mayTrigger
    }
  }
}

export type ContentTracking = ReturnType<typeof makeContentTracking>
