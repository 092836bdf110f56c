import type { Filter, FunnelQuery, Metric, Query } from '../api/types';
import { hasGoalFilter } from './filters';
import { type Interval, rangeOf } from './period';
import type { View } from './view';

/** What a widget asks, whatever the range and the filters are. */
export type WidgetQuery = {
  dimensions: string[];
  metrics: Metric[];
  /** Rows without a value are noise in most lists. */
  empty?: boolean;
  filters?: Filter[];
  order_by?: [string, 'asc' | 'desc'][];
  limit?: number;
};

export const TILE_METRICS: readonly Metric[] = ['visitors', 'visits', 'pageviews', 'views_per_visit', 'bounce_rate', 'visit_duration'];
export const GOAL_TILE_METRICS: readonly Metric[] = ['visitors', 'conversions', 'conversion_rate', 'revenue'];
export const REALTIME_TILE_METRICS: readonly Metric[] = ['visitors', 'pageviews', 'events'];

export function tileMetrics(view: View): readonly Metric[] {
  if (hasGoalFilter(view.filters)) return GOAL_TILE_METRICS;
  return view.period === 'realtime' ? REALTIME_TILE_METRICS : TILE_METRICS;
}

/** The metric to draw: the chosen one, or the first tile when the chosen one has none. */
export function graphMetric(view: View): Metric {
  const tiles = tileMetrics(view);
  return tiles.includes(view.metric) ? view.metric : tiles[0]!;
}

function common(view: View): Pick<Query, 'range' | 'compare' | 'filters'> {
  return {
    range: rangeOf(view),
    compare: view.compare === 'none' || view.period === 'all' || view.period === 'realtime' ? null : view.compare,
    filters: view.filters,
  };
}

/** How far visitors got through a funnel, within the view's range and filters. */
export function funnelQuery(view: View): FunnelQuery {
  return common(view);
}

export function totalsQuery(view: View): Query {
  return { ...common(view), metrics: [...tileMetrics(view)], dimensions: [] };
}

export function graphQuery(view: View, interval: Interval): Query {
  return { ...common(view), metrics: [graphMetric(view)], dimensions: [`time:${interval}`], limit: 10000 };
}

/** The query of a widget: its own question within the view's range and filters. */
export function widgetQuery(view: View, widget: WidgetQuery): Query {
  const goal = hasGoalFilter(view.filters) && !widget.dimensions.includes('event:goal');
  const metrics: Metric[] = goal ? ['visitors', 'group_conversion_rate'] : widget.metrics;
  return {
    ...common(view),
    metrics,
    dimensions: widget.dimensions,
    filters: [...view.filters, ...(widget.filters ?? [])],
    order_by: widget.order_by ?? [[metrics[0]!, 'desc']],
    limit: widget.limit ?? 9,
    include: { empty: widget.empty ?? true },
  };
}

export type DetailsOptions = { metrics: Metric[]; order: [string, 'asc' | 'desc']; search: string; offset: number; limit: number };

/** The query behind one page of a details table. */
export function detailsQuery(view: View, widget: WidgetQuery, options: DetailsOptions): Query {
  return {
    ...widgetQuery(view, widget),
    metrics: options.metrics,
    order_by: [options.order],
    offset: options.offset,
    limit: options.limit,
    ...(options.search ? { search: options.search } : {}),
  };
}
