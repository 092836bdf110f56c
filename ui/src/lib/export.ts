import type { Filter } from '../api/types';
import type { Day } from './days';
import { type Interval, spanDays } from './period';
import type { View } from './view';

/** Dimensions that Plausible's API, which packs the download, knows under another name. */
const NAMES: Record<string, string> = { 'visit:city': 'visit:city_name' };

function renamed(filter: Filter): unknown {
  const [operator, dimension, ...rest] = filter as [string, unknown, ...unknown[]];
  return typeof dimension === 'string' ? [operator, NAMES[dimension] ?? dimension, ...rest] : filter;
}

/** The path of a view's figures as a zip file, below the place the UI is mounted at: of the same days, with the same filters. */
export function exportPath(domain: string, view: View, interval: Interval, today: Day): string {
  const params = new URLSearchParams();
  const days = view.period === 'realtime' || view.period === '24h' ? null : spanDays(view, today);
  if (days) {
    params.set('period', 'custom');
    params.set('from', days[0]);
    params.set('to', days[1]);
  } else params.set('period', view.period);
  // Hours of single days are no interval of days of one's own.
  if (days && days[0] === days[1]) {
    params.set('period', 'day');
    params.set('date', days[0]);
    params.delete('from');
    params.delete('to');
  } else if (interval !== 'hour' && interval !== 'minute') params.set('interval', interval);
  if (view.filters.length > 0) params.set('filters', JSON.stringify(view.filters.map(renamed)));
  params.set('with_imported', 'true');
  return `${encodeURIComponent(domain)}/export?${params}`;
}
