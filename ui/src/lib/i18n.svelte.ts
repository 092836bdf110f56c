import { en } from '../locales/en';

export type MessageKey = keyof typeof en;
type Message = string | { one: string; other: string };
/** A language is a file in `src/locales` that exports its messages by this type; what it leaves out is said in English. */
export type Messages = Partial<Record<MessageKey, Message>>;

const files = import.meta.glob<{ default: Messages }>(['../locales/*.ts', '!../locales/en.ts']);
const codes = Object.keys(files).map((path) => path.replace(/^.*\/|\.ts$/g, ''));

/** The language in use; figures and dates follow the reader's own region within it. */
export const locale = $state({ code: 'en' });
let messages = $state.raw<Messages>({});

/** The best language there is for what the reader prefers. */
export function pickLocale(preferred: readonly string[], available: readonly string[]): string {
  for (const wish of preferred) {
    const base = wish.toLowerCase().split('-')[0]!;
    if (base === 'en') return 'en';
    const found = available.find((code) => code.toLowerCase() === wish.toLowerCase()) ?? available.find((code) => code === base);
    if (found) return found;
  }
  return 'en';
}

/** Loads the reader's language. English needs no loading. */
export async function loadLocale(preferred: readonly string[] = navigator.languages): Promise<void> {
  const chosen = pickLocale(preferred, codes);
  if (chosen !== 'en') messages = (await files[`../locales/${chosen}.ts`]!()).default;
  locale.code = preferred.find((wish) => wish.toLowerCase().startsWith(chosen)) ?? chosen;
  document.documentElement.lang = chosen;
}

/** The message in the reader's language, with `{name}` filled in; `n` chooses between one and many. */
export function t(key: MessageKey, values: Record<string, string | number> = {}): string {
  const message: Message = messages[key] ?? en[key];
  const text = typeof message === 'string' ? message : message[new Intl.PluralRules(locale.code).select(Number(values.n ?? 0)) === 'one' ? 'one' : 'other'];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The message of a made-up key, when there is one. */
export function maybe(key: string): string | undefined {
  return key in en ? t(key as MessageKey) : undefined;
}
