import { describe, expect, it } from 'vitest';
import { addDays, addMonths, dayAt, daysBetween, endOfMonth, isDay, monthSheet, weekday } from './days';

describe('days', () => {
  it('tells days from other texts', () => {
    expect(isDay('2026-02-28')).toBe(true);
    for (const text of ['2026-02-29', '2026-13-01', '2026-2-1', '', 'today', null, undefined]) expect(isDay(text)).toBe(false);
  });

  it('adds across months, years and clock changes', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
    expect(addDays('2026-03-29', 1)).toBe('2026-03-30');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(daysBetween('2026-03-01', '2026-04-01')).toBe(31);
  });

  it('keeps to the last day of a shorter month', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(addMonths('2024-02-29', 12)).toBe('2025-02-28');
    expect(addMonths('2026-01-15', -1)).toBe('2025-12-15');
    expect(endOfMonth('2024-02-10')).toBe('2024-02-29');
  });

  it('knows the day of another clock', () => {
    const now = new Date('2026-02-11T23:30:00Z');
    expect(dayAt(now, 'UTC')).toBe('2026-02-11');
    expect(dayAt(now, 'Europe/Berlin')).toBe('2026-02-12');
    expect(dayAt(now, 'America/Los_Angeles')).toBe('2026-02-11');
    expect(dayAt(now, 'Nowhere/None')).toBe('2026-02-11');
  });

  it('lays out six weeks from a Monday', () => {
    const sheet = monthSheet('2026-02-11');
    expect(sheet).toHaveLength(42);
    expect(sheet[0]).toBe('2026-01-26');
    expect(sheet[41]).toBe('2026-03-08');
    expect(weekday(sheet[0]!)).toBe(0);
  });
});
