import { describe, expect, it } from 'vitest';
import { drillInto, holdsToday, intervalsFor, rangeOf, shiftSpan, spanDays, spanOfBuckets } from './period';

const today = '2026-02-11';

describe('periods', () => {
  it('cover the days the server will take', () => {
    expect(spanDays({ period: '7d' }, today)).toEqual(['2026-02-05', '2026-02-11']);
    expect(spanDays({ period: '30d', date: '2026-01-31' }, today)).toEqual(['2026-01-02', '2026-01-31']);
    expect(spanDays({ period: 'month' }, today)).toEqual(['2026-02-01', '2026-02-28']);
    expect(spanDays({ period: 'year' }, today)).toEqual(['2026-01-01', '2026-12-31']);
    expect(spanDays({ period: '12mo' }, today)).toEqual(['2025-03-01', '2026-02-28']);
    expect(spanDays({ period: 'custom', from: '2026-01-03', to: '2026-01-09' }, today)).toEqual(['2026-01-03', '2026-01-09']);
    expect(spanDays({ period: 'all' }, today)).toBeNull();
  });

  it('move by their own length, and not into the future', () => {
    expect(shiftSpan({ period: '7d' }, -1, today)).toEqual({ period: '7d', date: '2026-02-04' });
    expect(shiftSpan({ period: '7d', date: '2026-02-04' }, 1, today)).toEqual({ period: '7d' });
    expect(shiftSpan({ period: '7d' }, 1, today)).toBeNull();
    expect(shiftSpan({ period: 'day' }, -1, today)).toEqual({ period: 'day', date: '2026-02-10' });
    expect(shiftSpan({ period: 'day', date: '2026-02-10' }, 1, today)).toEqual({ period: 'day' });
    expect(shiftSpan({ period: 'day' }, 1, today)).toBeNull();
    expect(shiftSpan({ period: 'month' }, -1, today)).toEqual({ period: 'month', date: '2026-01-01' });
    expect(shiftSpan({ period: 'month', date: '2026-01-01' }, 1, today)).toEqual({ period: 'month', date: '2026-02-01' });
    expect(shiftSpan({ period: 'month' }, 1, today)).toBeNull();
    expect(shiftSpan({ period: 'custom', from: '2026-01-03', to: '2026-01-09' }, -1, today)).toEqual({ period: 'custom', from: '2025-12-27', to: '2026-01-02' });
    expect(shiftSpan({ period: 'realtime' }, -1, today)).toBeNull();
    expect(shiftSpan({ period: 'all' }, -1, today)).toBeNull();
  });

  it('say to the server what was chosen', () => {
    expect(rangeOf({ period: '30d' })).toEqual({ period: '30d' });
    expect(rangeOf({ period: 'day', date: '2026-02-01' })).toEqual({ period: 'day', date: '2026-02-01' });
    expect(rangeOf({ period: 'custom', from: '2026-01-03', to: '2026-01-09' })).toEqual({ period: 'custom', from: '2026-01-03', to: '2026-01-09' });
  });

  it('offer intervals that fit', () => {
    expect(intervalsFor({ period: 'realtime' }, today)).toEqual(['minute']);
    expect(intervalsFor({ period: 'day' }, today)).toEqual(['hour']);
    expect(intervalsFor({ period: '7d' }, today)).toEqual(['day', 'hour']);
    expect(intervalsFor({ period: '30d' }, today)).toEqual(['day', 'week']);
    expect(intervalsFor({ period: '91d' }, today)).toEqual(['day', 'week', 'month']);
    expect(intervalsFor({ period: 'year' }, today)).toEqual(['month', 'week', 'day']);
    expect(intervalsFor({ period: 'custom', from: today, to: today }, today)).toEqual(['hour']);
  });

  it('lead from a bucket to its inside', () => {
    expect(drillInto('2026-02-10', 'day')).toEqual({ period: 'day', date: '2026-02-10' });
    expect(drillInto('2026-02-09', 'week')).toEqual({ period: 'custom', from: '2026-02-09', to: '2026-02-15' });
    expect(drillInto('2026-02-01', 'month')).toEqual({ period: 'month', date: '2026-02-01' });
    expect(drillInto('2026-02-10T10:00:00', 'hour')).toBeNull();
    expect(spanOfBuckets('2026-01-01', '2026-02-01', 'month')).toEqual({ period: 'custom', from: '2026-01-01', to: '2026-02-28' });
    expect(spanOfBuckets('2026-02-10T10:00:00', '2026-02-10T12:00:00', 'hour')).toBeNull();
  });

  it('know whether their figures still move', () => {
    expect(holdsToday({ period: '30d' }, today)).toBe(true);
    expect(holdsToday({ period: 'all' }, today)).toBe(true);
    expect(holdsToday({ period: 'day', date: '2026-02-10' }, today)).toBe(false);
  });
});
