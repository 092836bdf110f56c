// Finding elements. Plugins use this too, so missing arguments give an empty answer rather than an error.

export type MaybeNode = Element | null | undefined

export const htmlCollectionToArray = (nodes?: ArrayLike<Element>): Element[] =>
  nodes && nodes.length ? Array.from(nodes) : []

export const find = (selector?: string): Element[] =>
  selector ? Array.from(document.querySelectorAll(selector)) : []

export const findMultiple = (selectors?: string[]): Element[] =>
  makeNodesUnique(([] as Element[]).concat(...(selectors || []).map(find)))

export const findNodesByTagName = (node?: MaybeNode, name?: string): Element[] =>
  node && name && node.getElementsByTagName ? Array.from(node.getElementsByTagName(name)) : []

/** Every node once, the one found last first. */
export const makeNodesUnique = (nodes: Element[]): Element[] => Array.from(new Set(nodes)).reverse()

export const getAttributeValueFromNode = (node?: MaybeNode, name?: string): string | undefined =>
  hasNodeAttribute(node, name) ? node!.getAttribute(name!)! : undefined

export const hasNodeAttributeWithValue = (node?: MaybeNode, name?: string): boolean =>
  !!getAttributeValueFromNode(node, name)

export const hasNodeAttribute = (node?: MaybeNode, name?: string): boolean =>
  !!node && !!name && !!node.hasAttribute && node.hasAttribute(name)

export const hasNodeCssClass = (node?: MaybeNode, name?: string): boolean =>
  !!node && !!name && typeof node.className === 'string' && node.className.split(' ').includes(name)

/** Below the node, not the node itself. */
export const findNodesHavingAttribute = (node?: MaybeNode, name?: string): Element[] =>
  node && name ? Array.from(node.querySelectorAll('[' + name + ']')) : []

/** The node itself, or the first below it. */
export const findFirstNodeHavingAttribute = (node?: MaybeNode, name?: string): Element | undefined =>
  hasNodeAttribute(node, name) ? node! : findNodesHavingAttribute(node, name)[0]

/** The node itself, or the first below it. */
export const findFirstNodeHavingAttributeWithValue = (node?: MaybeNode, name?: string): Element | undefined =>
  node && name
    ? [node].concat(findNodesHavingAttribute(node, name)).find(one => hasNodeAttributeWithValue(one, name))
    : undefined

/** Below the node, not the node itself. */
export const findNodesHavingCssClass = (node?: MaybeNode, name?: string): Element[] =>
  node && name ? Array.from(node.getElementsByClassName(name)) : []

/** The node itself, or the first below it. */
export const findFirstNodeHavingClass = (node?: MaybeNode, name?: string): Element | undefined =>
  hasNodeCssClass(node, name) ? node! : findNodesHavingCssClass(node, name)[0]

export const isLinkElement = (node?: Node | null): boolean => !!node && /^(a|area)$/i.test(node.nodeName)

export function setAnyAttribute(node?: MaybeNode, name?: string, value?: string): void {
  if (node && name) {
    node.setAttribute(name, value!)
  }
}
