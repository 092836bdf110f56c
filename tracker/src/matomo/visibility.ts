// Whether a visitor can have seen an element.

/** Whether an element is neither hidden, nor see-through, nor cut off by what it lies in. */
export function isVisible(given?: Element | null): boolean {
  const node = given as HTMLElement | undefined
  const root = document.documentElement
  if (!node || !root.contains(node)) {
    return false
  }
  let { offsetTop: top, offsetLeft: left } = node
  const { offsetWidth: width, offsetHeight: height } = node
  for (let element = node; element !== root; element = element.parentNode as HTMLElement) {
    const style = getComputedStyle(element)
    if (style.opacity === '0' || style.display === 'none' || style.visibility === 'hidden') {
      return false
    }
    if (element === node && (!width || !height) && style.overflow === 'hidden') {
      return false
    }
    const around = element.parentNode as HTMLElement
    if (
      /^(hidden|scroll)$/.test(getComputedStyle(around).overflow) &&
      (left + 1 > around.offsetWidth + around.scrollLeft ||
        left + width - 1 < around.scrollLeft ||
        top + 1 > around.offsetHeight + around.scrollTop ||
        top + height - 1 < around.scrollTop)
    ) {
      return false
    }
    if (element.offsetParent === around) {
      left += around.offsetLeft
      top += around.offsetTop
    }
  }
  return true
}

/** Whether an element is inside the viewport, or above it, where the visitor has been already. */
export function isOrWasInViewport(given?: Element | null): boolean {
  const node = given as HTMLElement | undefined
  if (!node || !node.getBoundingClientRect || node.nodeType !== 1) {
    return true
  }
  const box = node.getBoundingClientRect()
  const { clientWidth, clientHeight } = document.documentElement
  const width = Math.min(clientWidth, window.innerWidth || clientWidth)
  const height = Math.min(clientHeight, window.innerHeight || clientHeight)
  const wasInside = box.top < 0 && (!node.offsetTop || node.offsetTop + box.height > 0)
  return (box.bottom > 0 || wasInside) && box.right > 0 && box.left < width && (box.top < height || wasInside)
}
