import { keep, kept } from './browser-store';

const KEY = 'footfall.tabs';

function all(): Record<string, string> {
  try {
    const value: unknown = JSON.parse(kept(KEY) ?? '{}');
    return value && typeof value === 'object' ? (value as Record<string, string>) : {};
  } catch {
    return {};
  }
}

/** The tab of a widget that was open last in this browser. */
export const rememberedTab = (widget: string): string | undefined => all()[widget];

export function rememberTab(widget: string, tab: string) {
  keep(KEY, JSON.stringify({ ...all(), [widget]: tab }));
}
