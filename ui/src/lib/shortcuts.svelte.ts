import { untrack } from 'svelte';
import type { MessageKey } from './i18n.svelte';

export type Shortcut = { keys: string; label: MessageKey; group: MessageKey; run: () => void };

/** The single-key shortcuts of what is on the page now; the help lists them. */
export const shortcuts = $state<{ all: Shortcut[]; help: boolean }>({ all: [], help: false });

/** Offers shortcuts while the calling component is there. Call it in an effect and return what it returns. */
export function offer(list: Shortcut[]): () => void {
  untrack(() => (shortcuts.all = [...shortcuts.all, ...list]));
  return () => {
    untrack(() => (shortcuts.all = shortcuts.all.filter((s) => !list.some((own) => own.keys === s.keys && own.label === s.label))));
  };
}

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.getAttribute('role') === 'slider' || target.getAttribute('role') === 'tab');

/** Listens for single keys. They are off while something is typed, and while a dialog is open. */
export function startShortcuts() {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || typing(event.target) || document.querySelector('dialog[open]')) return;
    if (event.key === '?') {
      event.preventDefault();
      shortcuts.help = true;
      return;
    }
    const found = shortcuts.all.findLast((s) => s.keys === event.key);
    if (!found) return;
    event.preventDefault();
    found.run();
  });
}
