export type Toast = { id: number; text: string; kind: 'good' | 'bad' };

export const toasts = $state<{ all: Toast[] }>({ all: [] });
let next = 0;

/** Says something in the corner for a few seconds; screen readers hear it too. */
export function say(text: string, kind: Toast['kind'] = 'good') {
  const id = next++;
  toasts.all = [...toasts.all, { id, text, kind }];
  setTimeout(() => (toasts.all = toasts.all.filter((t) => t.id !== id)), kind === 'bad' ? 8000 : 4000);
}
