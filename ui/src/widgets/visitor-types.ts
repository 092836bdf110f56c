import type { Widget } from '../lib/widget';

export default {
  title: 'widget.visitor-types',
  order: 80,
  chart: 'bars',
  query: { dimensions: ['visit:visitor_type'], metrics: ['visitors', 'views_per_visit'] },
  details: ['visitors', 'visits', 'pageviews', 'views_per_visit', 'bounce_rate', 'visit_duration'],
} satisfies Widget;
