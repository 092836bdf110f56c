import { describe, expect, it } from 'vitest';
import type { Filter } from '../api/types';
import { detailsQuery, graphMetric, graphQuery, tileMetrics, totalsQuery, widgetQuery } from './build-query';
import { DEFAULT_VIEW, type View } from './view';

const german: Filter = ['is', 'visit:country', ['DE']];
const signup: Filter = ['is', 'event:goal', ['Signup']];
const view: View = { ...DEFAULT_VIEW, filters: [german] };
const sources = { dimensions: ['visit:source'], metrics: ['visitors' as const] };

describe('queries', () => {
  it('ask for the tiles in one go', () => {
    expect(totalsQuery(view)).toEqual({
      range: { period: '30d' }, compare: 'previous', filters: [german], dimensions: [],
      metrics: ['visitors', 'visits', 'pageviews', 'views_per_visit', 'bounce_rate', 'visit_duration'],
    });
  });

  it('ask for the graph of the chosen metric', () => {
    expect(graphQuery({ ...view, metric: 'pageviews', compare: 'none' }, 'week')).toEqual({ range: { period: '30d' }, compare: null, filters: [german], metrics: ['pageviews'], dimensions: ['time:week'], limit: 10000 });
  });

  it('compare nothing where nothing came before', () => {
    for (const period of ['all', 'realtime'] as const) expect(totalsQuery({ ...view, period }).compare).toBeNull();
  });

  it('ask a widget’s question within the filters', () => {
    expect(widgetQuery(view, { ...sources, empty: false, filters: [['is_not', 'visit:source', ['x']]], limit: 5 })).toEqual({
      range: { period: '30d' }, compare: 'previous', filters: [german, ['is_not', 'visit:source', ['x']]], dimensions: ['visit:source'], metrics: ['visitors'],
      order_by: [['visitors', 'desc']], limit: 5, include: { empty: false },
    });
  });

  it('turn to conversions when a goal is filtered for', () => {
    const goal = { ...view, filters: [signup] };
    expect(tileMetrics(goal)).toEqual(['visitors', 'conversions', 'conversion_rate', 'revenue']);
    expect(widgetQuery(goal, sources).metrics).toEqual(['visitors', 'group_conversion_rate']);
    expect(widgetQuery(goal, { dimensions: ['event:goal'], metrics: ['conversions'] }).metrics).toEqual(['conversions']);
    expect(graphMetric({ ...goal, metric: 'bounce_rate' })).toBe('visitors');
    expect(graphMetric({ ...goal, metric: 'revenue' })).toBe('revenue');
  });

  it('page, sort and search the details', () => {
    const query = detailsQuery(view, sources, { metrics: ['visitors', 'bounce_rate'], order: ['bounce_rate', 'asc'], search: 'goo', offset: 100, limit: 100 });
    expect(query).toMatchObject({ metrics: ['visitors', 'bounce_rate'], order_by: [['bounce_rate', 'asc']], search: 'goo', offset: 100, limit: 100 });
    expect(detailsQuery(view, sources, { metrics: ['visitors'], order: ['visitors', 'desc'], search: '', offset: 0, limit: 1 })).not.toHaveProperty('search');
  });
});
