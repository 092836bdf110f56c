import { keep, kept } from './browser-store';

const KEY = 'footfall.loaded-anew';
const PAUSE_MS = 30_000;

/** Loads the page anew because a part of it could not be fetched, but not over and over when that does not help. */
export function loadAnew() {
  const last = Number(kept(KEY, 'sessionStorage') ?? 0);
  if (Date.now() - last < PAUSE_MS) return;
  if (!keep(KEY, String(Date.now()), 'sessionStorage')) return;
  location.reload();
}
