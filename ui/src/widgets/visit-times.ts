import type { Widget } from '../lib/widget';

export default {
  title: 'widget.visit-times',
  order: 70,
  chart: 'heatmap',
  query: { dimensions: ['time:day_of_week', 'time:hour_of_day'], metrics: ['visits'], limit: 168, order_by: [['time:day_of_week', 'asc'], ['time:hour_of_day', 'asc']] },
  still: true,
} satisfies Widget;
