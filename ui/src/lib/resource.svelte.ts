import { untrack } from 'svelte';
import { ApiError } from '../api/client';

type Entry = { data: unknown; at: number };

const KEEP_MS = 60_000;
const KEEP_ENTRIES = 200;
const cache = new Map<string, Entry>();

/** Counts up when figures may have moved; every resource on the page asks again then, keeping what it shows meanwhile. */
export const freshness = $state({ tick: 0 });

export function refreshAll() {
  cache.clear();
  freshness.tick++;
}

export type Resource<T> = { readonly data: T | undefined; readonly error: ApiError | undefined; readonly loading: boolean; retry(): void };

/**
 * Something fetched, again whenever its key changes. The last answer stays while the next is on its way, answers that come
 * too late are dropped, and a key seen within the last minute is answered at once.
 */
export function resource<T>(key: () => string | null, load: (signal: AbortSignal) => Promise<T>): Resource<T> {
  let data = $state.raw<T | undefined>();
  let error = $state.raw<ApiError | undefined>();
  let loading = $state(true);
  let attempt = $state(0);
  let shown: string | null = null;

  $effect(() => {
    const now = key();
    const tick = freshness.tick;
    void attempt;
    if (now === null) {
      loading = false;
      return;
    }
    const hit = cache.get(now);
    if (hit && Date.now() - hit.at < KEEP_MS) {
      data = hit.data as T;
      error = undefined;
      loading = false;
      shown = now;
      return;
    }
    const abort = new AbortController();
    // A refresh of what is already shown is quiet.
    loading = shown !== now || untrack(() => data) === undefined;
    load(abort.signal).then(
      (answer) => {
        if (abort.signal.aborted) return;
        cache.set(now, { data: answer, at: Date.now() });
        if (cache.size > KEEP_ENTRIES) cache.delete(cache.keys().next().value!);
        data = answer;
        error = undefined;
        loading = false;
        shown = now;
      },
      (reason: unknown) => {
        if (abort.signal.aborted) return;
        error = reason instanceof ApiError ? reason : new ApiError(0, { code: 'unexpected', message: String(reason) });
        if (tick === 0 || shown !== now) data = undefined;
        loading = false;
      },
    );
    return () => abort.abort();
  });

  return {
    get data() { return data; },
    get error() { return error; },
    get loading() { return loading; },
    retry() { attempt++; },
  };
}
