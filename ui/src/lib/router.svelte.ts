import { basePath } from './base';

/** Where the reader is: the path below the base, always with a slash before it, and the query part. */
export const place = $state({ path: '/', search: '' });

function read() {
  const base = basePath();
  const path = location.pathname.startsWith(base) ? location.pathname.slice(base.length) : location.pathname.slice(1);
  place.path = `/${path.replace(/\/+$/, '')}`;
  place.search = location.search;
}

/** The address of a path of ours, for links. */
export const href = (path: string): string => basePath() + path.replace(/^\//, '');

/** Goes to a path of ours. `replace` leaves no trace in the history. */
export function go(path: string, { replace = false } = {}) {
  history[replace ? 'replaceState' : 'pushState'](null, '', href(path));
  const moved = path.split('?')[0] !== place.path;
  read();
  if (moved) {
    scrollTo(0, 0);
    queueMicrotask(() => document.getElementById('main')?.focus({ preventScroll: true }));
  }
}

/** Makes plain clicks on links of ours change the page without loading it anew. */
export function startRouter() {
  read();
  addEventListener('popstate', read);
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a[href]') as HTMLAnchorElement | null;
    if (!link || link.target || link.origin !== location.origin || link.hasAttribute('download')) return;
    const base = basePath();
    if (link.getAttribute('href')!.startsWith('#') || !link.pathname.startsWith(base) || link.pathname.startsWith(`${base}api/`)) return;
    event.preventDefault();
    go(`/${link.pathname.slice(base.length)}${link.search}`);
  });
}

/** Matches `/sites/:id/…` patterns; the values of the named parts, or null. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const values: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    if (part.startsWith(':')) {
      try {
        values[part.slice(1)] = decodeURIComponent(given[i]!);
      } catch {
        return null;
      }
    } else if (part !== given[i]) return null;
  }
  return values;
}
