import type { Annotation } from '../api/types';
import { addDays } from './days';
import type { Interval } from './period';

/** Annotations that belong to a bucket of the graph. */
export type Mark = { index: number; notes: Annotation[] };

function holds(bucket: string, date: string, interval: Interval): boolean {
  const day = bucket.slice(0, 10);
  if (interval === 'week') return day <= date && date < addDays(day, 7);
  if (interval === 'month') return day.slice(0, 7) === date.slice(0, 7);
  return day === date;
}

/** The annotations by the bucket they fall into, from left to right; within a day, all stand at its first hour. */
export function marksOf(buckets: string[], notes: Annotation[], interval: Interval): Mark[] {
  if (interval === 'minute') return [];
  const marks = new Map<number, Annotation[]>();
  for (const note of notes) {
    const index = buckets.findIndex((bucket) => holds(bucket, note.date, interval));
    if (index >= 0) marks.set(index, [...(marks.get(index) ?? []), note]);
  }
  return [...marks].map(([index, list]) => ({ index, notes: list })).sort((a, b) => a.index - b.index);
}
