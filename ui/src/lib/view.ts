import type { Filter, Metric, Period } from '../api/types';
import { isDay } from './days';
import { decodeFilter, encodeFilter } from './filters';
import type { Interval, Span } from './period';

export type Comparison = 'previous' | 'year' | 'none';

/** Everything a dashboard shows, and nothing that the address of the page does not say. */
export type View = Span & {
  compare: Comparison;
  filters: Filter[];
  metric: Metric;
  interval?: Interval;
  /** The open details table: `<widget>.<tab>`. */
  details?: string;
};

const PERIODS: readonly Period[] = ['realtime', '24h', 'day', '7d', '28d', '30d', '91d', 'month', 'year', '12mo', 'all', 'custom'];
const INTERVALS: readonly Interval[] = ['minute', 'hour', 'day', 'week', 'month'];
const METRICS: readonly Metric[] = ['visitors', 'visits', 'pageviews', 'views_per_visit', 'bounce_rate', 'visit_duration', 'events', 'actions', 'time_on_page', 'scroll_depth', 'conversions', 'conversion_rate', 'group_conversion_rate', 'revenue'];

export const DEFAULT_VIEW: View = { period: '30d', compare: 'previous', filters: [], metric: 'visitors' };

const oneOf = <T extends string>(all: readonly T[], text: string | null): T | undefined => all.find((x) => x === text);

/** Reads a view from the query part of an address. What makes no sense is left out. */
export function parseView(search: string): View {
  const params = new URLSearchParams(search);
  const view: View = { ...DEFAULT_VIEW, filters: [] };
  const from = params.get('from');
  const to = params.get('to');
  const period = oneOf(PERIODS, params.get('period'));
  if (isDay(from) && isDay(to) && from <= to) Object.assign(view, { period: 'custom', from, to });
  else if (period && period !== 'custom') view.period = period;
  const date = params.get('date');
  if (isDay(date) && view.period !== 'custom') view.date = date;
  view.compare = oneOf(['previous', 'year', 'none'] as const, params.get('compare')) ?? DEFAULT_VIEW.compare;
  view.metric = oneOf(METRICS, params.get('metric')) ?? DEFAULT_VIEW.metric;
  const interval = oneOf(INTERVALS, params.get('interval'));
  if (interval) view.interval = interval;
  const details = params.get('details');
  if (details && /^[\w-]+\.[\w-]+(\.\d+)?$/.test(details)) view.details = details;
  view.filters = params.getAll('f').slice(0, 50).map(decodeFilter).filter((filter) => filter !== null);
  return view;
}

// Readable in the address bar; everything that has a meaning there is still escaped.
const encode = (text: string) => encodeURIComponent(text).replace(/%(2C|3A|2F|20)/g, (_, hex: string) => ({ '2C': ',', '3A': ':', '2F': '/', '20': '+' })[hex]!);

/** Writes a view as the query part of an address, defaults left out. `parseView` reads it back. */
export function formatView(view: View): string {
  const pairs: [string, string | undefined][] = view.period === 'custom' && view.from && view.to
    ? [['from', view.from], ['to', view.to]]
    : [['period', view.period === DEFAULT_VIEW.period ? undefined : view.period], ['date', view.date]];
  pairs.push(
    ['compare', view.compare === DEFAULT_VIEW.compare ? undefined : view.compare],
    ['metric', view.metric === DEFAULT_VIEW.metric ? undefined : view.metric],
    ['interval', view.interval],
    ...view.filters.map((f): [string, string] => ['f', encodeFilter(f)]),
    ['details', view.details],
  );
  const text = pairs.flatMap(([k, v]) => (v === undefined ? [] : [`${k}=${encode(v)}`])).join('&');
  return text ? `?${text}` : '';
}

/** The same view over another stretch of time: what only fitted the old one goes. */
export function withSpan(view: View, span: Span): View {
  const { date: _date, from: _from, to: _to, interval: _interval, ...rest } = view;
  return { ...rest, ...span };
}

const LINK = ['auth', 'embed', 'theme', 'funnel'];

/** The query part of a view with what a shared dashboard's address says beside it, so that it can be loaded anew. */
export function withLink(search: string, before: string): string {
  const kept = [...new URLSearchParams(before)].filter(([name]) => LINK.includes(name));
  const link = kept.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return link ? `?${link}${search.replace('?', '&')}` : search;
}

/** The query part of a shared dashboard that shows a funnel, or none. */
export function withFunnel(search: string, funnel?: number): string {
  const pairs = new URLSearchParams(search);
  if (funnel === undefined) pairs.delete('funnel');
  else pairs.set('funnel', String(funnel));
  return `?${pairs}`;
}
