import type { Widget } from '../lib/widget';

export default {
  title: 'widget.events',
  order: 60,
  tabs: [
    {
      id: 'events',
      title: 'tab.events',
      chart: 'bars',
      query: { dimensions: ['event:name'], metrics: ['visitors', 'events'], empty: false, filters: [['is_not', 'event:name', ['pageview', 'engagement']]] },
      details: ['visitors', 'events'],
      empty: 'empty.events',
      variants: [
        { id: 'name', title: 'dimension.event:name', dimension: 'event:name' },
        { id: 'category', title: 'dimension.event:event_category', dimension: 'event:event_category' },
        { id: 'action', title: 'dimension.event:event_action', dimension: 'event:event_action' },
        { id: 'label', title: 'dimension.event:event_name', dimension: 'event:event_name' },
      ],
    },
    { id: 'properties', title: 'tab.properties', chart: 'bars', query: { dimensions: ['event:props:'], metrics: ['visitors', 'events'], empty: false }, details: ['visitors', 'events'], variantsFrom: 'properties', empty: 'empty.properties' },
    { id: 'dimensions', title: 'tab.dimensions', chart: 'bars', query: { dimensions: ['visit:dimension'], metrics: ['visitors', 'actions'], empty: false }, details: ['visitors', 'visits', 'actions'], variantsFrom: 'dimensions', empty: 'empty.dimensions', setup: { path: 'dimensions', title: 'setup.dimensions' } },
    { id: 'downloads', title: 'tab.downloads', chart: 'bars', query: { dimensions: ['event:download'], metrics: ['visitors', 'actions'], empty: false }, details: ['visitors', 'actions'], empty: 'empty.downloads' },
    { id: 'outlinks', title: 'tab.outlinks', chart: 'bars', query: { dimensions: ['event:outlink'], metrics: ['visitors', 'actions'], empty: false }, details: ['visitors', 'actions'], empty: 'empty.outlinks' },
    { id: 'searches', title: 'tab.searches', chart: 'bars', query: { dimensions: ['event:search_keyword'], metrics: ['visitors', 'actions'], empty: false }, details: ['visitors', 'actions'], empty: 'empty.searches' },
  ],
} satisfies Widget;
