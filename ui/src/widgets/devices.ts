import type { Widget } from '../lib/widget';

const details = ['visitors', 'visits', 'pageviews', 'bounce_rate', 'visit_duration'] as const;

export default {
  title: 'widget.devices',
  order: 40,
  tabs: [
    {
      id: 'browsers',
      title: 'tab.browsers',
      chart: 'bars',
      query: { dimensions: ['visit:browser'], metrics: ['visitors'] },
      details: [...details],
      variants: [
        { id: 'names', title: 'variant.names', dimension: 'visit:browser' },
        { id: 'versions', title: 'variant.versions', dimension: 'visit:browser_version' },
      ],
    },
    {
      id: 'systems',
      title: 'tab.systems',
      chart: 'bars',
      query: { dimensions: ['visit:os'], metrics: ['visitors'] },
      details: [...details],
      variants: [
        { id: 'names', title: 'variant.names', dimension: 'visit:os' },
        { id: 'versions', title: 'variant.versions', dimension: 'visit:os_version' },
      ],
    },
    { id: 'types', title: 'tab.types', chart: 'bars', query: { dimensions: ['visit:device'], metrics: ['visitors'] }, details: [...details] },
    { id: 'resolutions', title: 'tab.resolutions', chart: 'bars', query: { dimensions: ['visit:resolution'], metrics: ['visitors'], empty: false }, details: [...details] },
  ],
} satisfies Widget;
