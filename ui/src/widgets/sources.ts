import type { Widget } from '../lib/widget';

const details = ['visitors', 'visits', 'bounce_rate', 'visit_duration', 'views_per_visit'] as const;

export default {
  title: 'widget.sources',
  order: 10,
  tabs: [
    { id: 'sources', title: 'tab.sources', chart: 'bars', query: { dimensions: ['visit:source'], metrics: ['visitors'] }, details: [...details] },
    { id: 'channels', title: 'tab.channels', chart: 'bars', query: { dimensions: ['visit:channel'], metrics: ['visitors'] }, details: [...details], drill: 'sources' },
    {
      id: 'campaigns',
      title: 'tab.campaigns',
      chart: 'bars',
      query: { dimensions: ['visit:utm_campaign'], metrics: ['visitors'], empty: false },
      details: [...details],
      empty: 'empty.campaigns',
      variants: [
        { id: 'utm_campaign', title: 'dimension.visit:utm_campaign', dimension: 'visit:utm_campaign' },
        { id: 'utm_source', title: 'dimension.visit:utm_source', dimension: 'visit:utm_source' },
        { id: 'utm_medium', title: 'dimension.visit:utm_medium', dimension: 'visit:utm_medium' },
        { id: 'utm_content', title: 'dimension.visit:utm_content', dimension: 'visit:utm_content' },
        { id: 'utm_term', title: 'dimension.visit:utm_term', dimension: 'visit:utm_term' },
      ],
    },
    { id: 'keywords', title: 'tab.keywords', chart: 'bars', query: { dimensions: ['visit:keyword'], metrics: ['visitors'], empty: false }, details: [...details], empty: 'empty.keywords' },
    { id: 'referrers', title: 'tab.referrers', chart: 'bars', query: { dimensions: ['visit:referrer'], metrics: ['visitors'], empty: false }, details: [...details] },
  ],
} satisfies Widget;
