import { describe, expect, it } from 'vitest';
import { exportPath } from './export';
import { DEFAULT_VIEW, type View } from './view';

const of = (part: Partial<View>, interval: 'hour' | 'day' | 'week' | 'month' = 'day') =>
  decodeURIComponent(exportPath('a.example', { ...DEFAULT_VIEW, ...part }, interval, '2026-02-11')).replaceAll('+', ' ');

describe('exportPath', () => {
  it('names the days that the dashboard shows', () => {
    expect(of({ period: '7d' })).toBe('a.example/export?period=custom&from=2026-02-05&to=2026-02-11&interval=day&with_imported=true');
    expect(of({ period: 'month' }, 'week')).toBe('a.example/export?period=custom&from=2026-02-01&to=2026-02-28&interval=week&with_imported=true');
    expect(of({ period: 'day', date: '2026-02-10' }, 'hour')).toBe('a.example/export?period=day&date=2026-02-10&with_imported=true');
    expect(of({ period: 'all' }, 'month')).toBe('a.example/export?period=all&interval=month&with_imported=true');
    expect(of({ period: 'realtime' }, 'hour')).toBe('a.example/export?period=realtime&with_imported=true');
  });

  it('takes the filters along, under names that are known there', () => {
    expect(of({ period: 'all', filters: [['is', 'visit:city', ['Berlin']]] })).toContain('&filters=[["is","visit:city_name",["Berlin"]]]&');
    expect(exportPath('a.example/blog', DEFAULT_VIEW, 'day', '2026-02-11')).toMatch(/^a\.example%2Fblog\/export\?/);
  });
});
