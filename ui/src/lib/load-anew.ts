const KEY = 'footfall.loaded-anew';
const PAUSE_MS = 30_000;

/** Loads the page anew because a part of it could not be fetched, but not over and over when that does not help. */
export function loadAnew() {
  const last = Number(sessionStorage.getItem(KEY) ?? 0);
  if (Date.now() - last < PAUSE_MS) return;
  sessionStorage.setItem(KEY, String(Date.now()));
  location.reload();
}
