import type { Widget } from '../lib/widget';

const details = ['visitors', 'visits', 'pageviews', 'bounce_rate', 'visit_duration'] as const;

export default {
  title: 'widget.locations',
  order: 30,
  tabs: [
    { id: 'map', title: 'tab.map', chart: 'map', query: { dimensions: ['visit:country'], metrics: ['visitors'], limit: 300 }, details: [...details], drill: 'regions' },
    { id: 'countries', title: 'tab.countries', chart: 'bars', query: { dimensions: ['visit:country'], metrics: ['visitors'] }, details: [...details], drill: 'regions' },
    { id: 'regions', title: 'tab.regions', chart: 'bars', query: { dimensions: ['visit:region'], metrics: ['visitors'], empty: false }, details: [...details], drill: 'cities', empty: 'empty.regions' },
    { id: 'cities', title: 'tab.cities', chart: 'bars', query: { dimensions: ['visit:city'], metrics: ['visitors'], empty: false }, details: [...details], empty: 'empty.regions' },
    { id: 'languages', title: 'tab.languages', chart: 'bars', query: { dimensions: ['visit:language'], metrics: ['visitors'] }, details: [...details] },
  ],
} satisfies Widget;
