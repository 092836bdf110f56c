import type { Period, Range } from '../api/types';
import { addDays, addMonths, type Day, daysBetween, endOfMonth, endOfYear, startOfMonth, startOfYear } from './days';

export type Interval = 'minute' | 'hour' | 'day' | 'week' | 'month';

/** A chosen stretch of time, as the address of the page says it. */
export type Span = { period: Period; date?: Day; from?: Day; to?: Day };

const ROLLING: Partial<Record<Period, number>> = { '7d': 7, '28d': 28, '30d': 30, '91d': 91 };

/** First and last day, as the server will take them; null where only the server knows (`all`). */
export function spanDays(span: Span, today: Day): [Day, Day] | null {
  const anchor = span.date ?? today;
  const rolling = ROLLING[span.period];
  if (rolling) return [addDays(anchor, 1 - rolling), anchor];
  switch (span.period) {
    case 'realtime':
    case '24h':
    case 'day':
      return [anchor, anchor];
    case 'month':
      return [startOfMonth(anchor), endOfMonth(anchor)];
    case 'year':
      return [startOfYear(anchor), endOfYear(anchor)];
    case '12mo':
      return [startOfMonth(addMonths(anchor, -11)), endOfMonth(anchor)];
    case 'custom':
      return span.from && span.to ? [span.from, span.to] : null;
    default:
      return null;
  }
}

/** The neighbouring stretch of the same length; null where there is none, or it lies in the future. */
export function shiftSpan(span: Span, step: -1 | 1, today: Day): Span | null {
  const anchor = span.date ?? today;
  const moved = (date: Day): Span | null => {
    const next: Span = date === today ? { period: span.period } : { period: span.period, date };
    const days = spanDays(next, today);
    return days && days[0] > today ? null : next;
  };
  const rolling = ROLLING[span.period];
  if (rolling) {
    if (step > 0 && anchor >= today) return null;
    const date = addDays(anchor, step * rolling);
    return moved(date > today ? today : date);
  }
  switch (span.period) {
    case 'day':
      return moved(addDays(anchor, step));
    case 'month':
      return moved(addMonths(startOfMonth(anchor), step));
    case 'year':
      return moved(addMonths(startOfYear(anchor), 12 * step));
    case '12mo':
      if (step > 0 && startOfMonth(anchor) >= startOfMonth(today)) return null;
      return moved(addMonths(startOfMonth(anchor), 12 * step) > today ? today : addMonths(startOfMonth(anchor), 12 * step));
    case 'custom': {
      if (!span.from || !span.to) return null;
      const length = (daysBetween(span.from, span.to) + 1) * step;
      const from = addDays(span.from, length);
      return from > today ? null : { period: 'custom', from, to: addDays(span.to, length) };
    }
    default:
      return null;
  }
}

/** The range of a query for this span. */
export function rangeOf(span: Span): Range {
  if (span.period === 'custom') return { period: 'custom', from: span.from, to: span.to };
  return span.date ? { period: span.period, date: span.date } : { period: span.period };
}

/** Bucket sizes that make a readable graph of this span, the usual one first. */
export function intervalsFor(span: Span, today: Day): Interval[] {
  if (span.period === 'realtime') return ['minute'];
  if (span.period === '24h' || span.period === 'day') return ['hour'];
  if (span.period === 'all') return ['month', 'week', 'day'];
  const days = spanDays(span, today);
  const length = days ? daysBetween(days[0], days[1]) + 1 : 30;
  if (length <= 1) return ['hour'];
  if (length <= 8) return ['day', 'hour'];
  if (length <= 45) return ['day', 'week'];
  if (length <= 200) return ['day', 'week', 'month'];
  return ['month', 'week', 'day'];
}

/** What a click into the bucket of a graph leads to; null where there is nothing finer. */
export function drillInto(bucket: string, interval: Interval): Span | null {
  const day = bucket.slice(0, 10);
  switch (interval) {
    case 'day':
      return { period: 'day', date: day };
    case 'week':
      return { period: 'custom', from: day, to: addDays(day, 6) };
    case 'month':
      return { period: 'month', date: day };
    default:
      return null;
  }
}

/** The days that a stretch of buckets covers. */
export function spanOfBuckets(first: string, last: string, interval: Interval): Span | null {
  if (interval === 'minute' || interval === 'hour') return first.slice(0, 10) === last.slice(0, 10) ? null : { period: 'custom', from: first.slice(0, 10), to: last.slice(0, 10) };
  const end = interval === 'day' ? last : interval === 'week' ? addDays(last, 6) : endOfMonth(last);
  return { period: 'custom', from: first, to: end };
}

/** Whether the span holds the present moment, so that its figures still move. */
export function holdsToday(span: Span, today: Day): boolean {
  const days = spanDays(span, today);
  return !days || (days[0] <= today && today <= days[1]);
}
