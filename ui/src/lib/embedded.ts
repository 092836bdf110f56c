/** Tells the page around us how tall we are: at first, when it asks, and whenever that changes. `embed.host.js` listens there. */
export function tellHeight(): () => void {
  if (parent === window) return () => undefined;
  const app = document.getElementById('app')!;
  // Anybody may frame what is shared, and how tall it is is no secret.
  const tell = () => parent.postMessage({ type: 'footfall:height', height: Math.ceil(app.getBoundingClientRect().height) }, '*');
  const asked = (event: MessageEvent) => {
    if (event.source === parent && event.data?.type === 'footfall:resize') tell();
  };
  const watch = new ResizeObserver(tell);
  watch.observe(app);
  addEventListener('message', asked);
  return () => {
    watch.disconnect();
    removeEventListener('message', asked);
  };
}
