// For pages that show a shared dashboard in a frame: gives the frame the height that the dashboard says it has.
// The dashboard posts `{type: 'footfall:height', height: <pixels>}` whenever its height changes, and is asked for it
// by `{type: 'footfall:resize'}` when this script has loaded.

export {}

const tallest = 100_000

const embedded = (): HTMLIFrameElement[] => Array.from(document.querySelectorAll('iframe[plausible-embed]'))

addEventListener('message', event => {
  const { type, height } = event.data || {}
  if (type !== 'footfall:height' || !(height > 0) || height > tallest) {
    return
  }
  // Only the frame that sent the message is changed, and only by the origin it was made for.
  const frame = embedded().find(one => one.contentWindow === event.source)
  if (frame && new URL(frame.src, location.href).origin === event.origin) {
    frame.style.height = Math.ceil(height) + 'px'
  }
})

for (const frame of embedded()) {
  const ask = (): void => {
    frame.contentWindow!.postMessage({ type: 'footfall:resize' }, new URL(frame.src, location.href).origin)
  }
  frame.addEventListener('load', ask)
  ask()
}
