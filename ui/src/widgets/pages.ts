import type { Widget } from '../lib/widget';

export default {
  title: 'widget.pages',
  order: 20,
  tabs: [
    { id: 'pages', title: 'tab.pages', chart: 'bars', query: { dimensions: ['event:page'], metrics: ['visitors', 'pageviews'] }, details: ['visitors', 'pageviews', 'bounce_rate', 'time_on_page', 'scroll_depth'] },
    { id: 'entries', title: 'tab.entries', chart: 'bars', query: { dimensions: ['visit:entry_page'], metrics: ['visitors', 'bounce_rate'] }, details: ['visitors', 'visits', 'bounce_rate', 'visit_duration'] },
    { id: 'exits', title: 'tab.exits', chart: 'bars', query: { dimensions: ['visit:exit_page'], metrics: ['visitors', 'visits'] }, details: ['visitors', 'visits', 'visit_duration'] },
    { id: 'titles', title: 'tab.titles', chart: 'bars', query: { dimensions: ['event:title'], metrics: ['visitors', 'pageviews'], empty: false }, details: ['visitors', 'pageviews', 'time_on_page'] },
  ],
} satisfies Widget;
