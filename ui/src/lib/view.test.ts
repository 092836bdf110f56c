import { describe, expect, it } from 'vitest';
import type { Filter } from '../api/types';
import { activeValues, decodeFilter, encodeFilter, toggleValue, withFilter, withoutFilter } from './filters';
import { DEFAULT_VIEW, formatView, parseView, type View, withLink, withSpan } from './view';

describe('filters', () => {
  const hard: Filter = ['is_not', 'event:page', ['/a,b', 'back\\slash', 'ü & = + %', '']];

  it('survive being written into an address and read again', () => {
    expect(encodeFilter(['is', 'visit:country', ['DE', 'FR']])).toBe('is,visit:country,DE,FR');
    expect(decodeFilter('is,visit:country,DE,FR')).toEqual(['is', 'visit:country', ['DE', 'FR']]);
    expect(decodeFilter(encodeFilter(hard))).toEqual(hard);
    expect(parseView(formatView({ ...DEFAULT_VIEW, filters: [hard] })).filters).toEqual([hard]);
  });

  it('that say nothing are none', () => {
    for (const text of ['', 'is', 'is,visit:country', 'equals,visit:country,DE', 'is,country,DE', 'is,time:day,x']) expect(decodeFilter(text)).toBeNull();
  });

  it('toggle a value', () => {
    const one = toggleValue([], 'visit:source', 'Google');
    expect(one).toEqual([['is', 'visit:source', ['Google']]]);
    expect(toggleValue(one, 'visit:source', 'Bing')).toEqual([['is', 'visit:source', ['Bing']]]);
    expect(toggleValue(one, 'visit:source', 'Google')).toEqual([]);
    expect(toggleValue(one, 'visit:browser', 'Firefox')).toHaveLength(2);
  });

  it('are added once, replaced and removed by their place', () => {
    const a: Filter = ['is', 'visit:source', ['Google']];
    const b: Filter = ['contains', 'event:page', ['/docs']];
    expect(withFilter([a], a)).toEqual([a]);
    expect(withFilter([a], b)).toEqual([a, b]);
    expect(withFilter([a], b, 0)).toEqual([b]);
    expect(withoutFilter([a, b], 0)).toEqual([b]);
    expect(activeValues([a, b], 'visit:source')).toEqual(['Google']);
    expect(activeValues([a, b], 'event:page')).toEqual([]);
  });
});

describe('a view', () => {
  const full: View = { period: 'day', date: '2026-02-10', compare: 'year', metric: 'bounce_rate', interval: 'hour', filters: [['is', 'visit:source', ['Direct / None']], ['contains', 'event:page', ['/docs']]], details: 'pages.pages' };

  it('is its address', () => {
    expect(formatView(DEFAULT_VIEW)).toBe('');
    expect(parseView('')).toEqual(DEFAULT_VIEW);
    expect(formatView(full)).toBe('?period=day&date=2026-02-10&compare=year&metric=bounce_rate&interval=hour&f=is,visit:source,Direct+/+None&f=contains,event:page,/docs&details=pages.pages');
    expect(parseView(formatView(full))).toEqual(full);
    const custom: View = { ...DEFAULT_VIEW, period: 'custom', from: '2026-01-01', to: '2026-01-31', details: 'events.properties.2' };
    expect(formatView(custom)).toBe('?from=2026-01-01&to=2026-01-31&details=events.properties.2');
    expect(parseView(formatView(custom))).toEqual(custom);
  });

  it('leaves out what makes no sense', () => {
    expect(parseView('?period=eon&date=2026-02-30&compare=x&metric=love&interval=century&details=../x&f=nonsense&from=2026-02-02')).toEqual(DEFAULT_VIEW);
    expect(parseView('?from=2026-02-02&to=2026-02-01')).toEqual(DEFAULT_VIEW);
    expect(parseView('?period=custom')).toEqual(DEFAULT_VIEW);
    expect(parseView(`?${'f=is,visit:source,a&'.repeat(80)}`).filters).toHaveLength(50);
  });

  it('forgets what only fitted the old range', () => {
    expect(withSpan(full, { period: '7d' })).toEqual({ period: '7d', compare: 'year', metric: 'bounce_rate', filters: full.filters, details: 'pages.pages' });
  });
});

it('a shared dashboard keeps its link while the view changes', () => {
  expect(withLink('?period=day', '?period=7d')).toBe('?period=day');
  expect(withLink('?period=day', '?auth=a%26b&embed=true&period=7d')).toBe('?auth=a%26b&embed=true&period=day');
  expect(withLink('', '?auth=x')).toBe('?auth=x');
});
