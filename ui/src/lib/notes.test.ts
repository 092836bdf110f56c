import { describe, expect, it } from 'vitest';
import type { Annotation } from '../api/types';
import { marksOf } from './notes';

const note = (id: number, date: string): Annotation => ({ id, date, note: `n${id}`, starred: false, login: 'ada', created_at: '2026-02-01T00:00:00Z' });
const places = (buckets: string[], notes: Annotation[], interval: 'hour' | 'day' | 'week' | 'month' | 'minute') => marksOf(buckets, notes, interval).map(({ index, notes }) => [index, notes.map(({ id }) => id)]);

describe('annotations on the graph', () => {
  it('stand at their day, several at one place', () => {
    expect(places(['2026-02-09', '2026-02-10', '2026-02-11'], [note(1, '2026-02-11'), note(2, '2026-02-09'), note(3, '2026-02-11'), note(4, '2026-03-01')], 'day')).toEqual([[0, [2]], [2, [1, 3]]]);
  });

  it('stand in the week or month that holds the day', () => {
    expect(places(['2026-02-02', '2026-02-09'], [note(1, '2026-02-08'), note(2, '2026-02-15'), note(3, '2026-02-16')], 'week')).toEqual([[0, [1]], [1, [2]]]);
    expect(places(['2026-01-01', '2026-02-01'], [note(1, '2026-02-28')], 'month')).toEqual([[1, [1]]]);
  });

  it('stand at the first hour of a day, and nowhere among minutes', () => {
    expect(places(['2026-02-10T23:00:00', '2026-02-11T00:00:00', '2026-02-11T01:00:00'], [note(1, '2026-02-11')], 'hour')).toEqual([[1, [1]]]);
    expect(places(['2026-02-11T01:00:00'], [note(1, '2026-02-11')], 'minute')).toEqual([]);
  });
});
