// A page in a frame of another site may be denied the browser's store: then nothing is remembered, and that is all.

type Kind = 'localStorage' | 'sessionStorage';

/** What this browser keeps under a name, if it keeps anything. */
export function kept(key: string, kind: Kind = 'localStorage'): string | null {
  try {
    return window[kind].getItem(key);
  } catch {
    return null;
  }
}

/** Keeps a text under a name; false where the browser does not. */
export function keep(key: string, value: string, kind: Kind = 'localStorage'): boolean {
  try {
    window[kind].setItem(key, value);
    return true;
  } catch {
    return false;
  }
}
