import type { Widget } from '../lib/widget';

export default {
  title: 'widget.goals',
  order: 50,
  tabs: [
    {
      id: 'goals',
      title: 'tab.goals',
      chart: 'bars',
      query: { dimensions: ['event:goal'], metrics: ['conversions', 'conversion_rate'] },
      details: ['conversions', 'visitors', 'conversion_rate', 'revenue'],
      empty: 'empty.goals',
      setup: { path: 'goals', title: 'setup.goals' },
    },
    {
      id: 'revenue',
      title: 'tab.revenue',
      chart: 'bars',
      query: { dimensions: ['event:goal'], metrics: ['revenue', 'conversions'] },
      details: ['revenue', 'conversions', 'visitors', 'conversion_rate'],
      empty: 'empty.goals',
      setup: { path: 'goals', title: 'setup.goals' },
    },
  ],
} satisfies Widget;
