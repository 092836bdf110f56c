import type { Component } from 'svelte';
import type { Metric } from '../api/types';
import type { ChartProps } from '../charts/kind';
import type { WidgetQuery } from './build-query';
import { type MessageKey, maybe } from './i18n.svelte';

type ChartKind = 'bars' | 'map' | 'heatmap' | 'line' | (string & {});

/** One view within a widget. */
export type WidgetTab = {
  id: string;
  /** A message key, or the words themselves. */
  title: MessageKey | (string & {});
  query: WidgetQuery;
  chart: ChartKind;
  /** Metrics of the details table, when more are worth seeing there. */
  details?: Metric[];
  /** The tab to go to after a row was picked: the next finer one. */
  drill?: string;
  /** A closer choice within the tab, shown as a list to select from. */
  variants?: { id: string; title: MessageKey | (string & {}); dimension: string }[];
  /** The variants are the site's own event properties or custom dimensions, asked for when shown. */
  variantsFrom?: 'properties' | 'dimensions';
  /** Rows do not filter when picked. */
  still?: boolean;
  /** What to say when there are no rows. */
  empty?: MessageKey;
  /** Where more of it is set up, below the site's settings. */
  setup?: { path: string; title: MessageKey };
};

/** A card on the dashboard: one file in `src/widgets`, its default export. Either one view, or several as tabs. */
export type Widget = {
  title: MessageKey | (string & {});
  /** Cards are laid out from low to high; those without a number come last. */
  order?: number;
  /** Takes the whole width. */
  wide?: boolean;
} & ({ tabs: WidgetTab[] } | Omit<WidgetTab, 'id' | 'title'>);

export type PlacedWidget = { id: string; title: string; wide: boolean; tabs: WidgetTab[] };

/** The words for a title that is a message key or the words themselves. */
export const words = (title: string): string => maybe(title) ?? title;

const widgetFiles = import.meta.glob<Widget>('../widgets/*.ts', { eager: true, import: 'default' });
const chartFiles = import.meta.glob<Component<ChartProps>>('../charts/*.svelte', { eager: true, import: 'default' });
const nameOf = (path: string) => path.replace(/^.*\/|\.\w+$/g, '');

/** Brings files into the form the dashboard draws, in order. */
export function place(files: Record<string, Widget>): PlacedWidget[] {
  return Object.entries(files)
    .map(([path, widget]) => ({ id: nameOf(path), widget }))
    .sort((a, b) => (a.widget.order ?? 1000) - (b.widget.order ?? 1000) || a.id.localeCompare(b.id))
    .map(({ id, widget }) => ({
      id,
      title: widget.title,
      wide: widget.wide ?? false,
      tabs: 'tabs' in widget ? widget.tabs : [{ ...widget, id: 'main' }],
    }));
}

/** Every widget there is. */
export const widgets: PlacedWidget[] = place(widgetFiles);

/** Every kind of chart there is, by the name of its file. */
export const charts: Record<string, Component<ChartProps>> = Object.fromEntries(Object.entries(chartFiles).map(([path, chart]) => [nameOf(path), chart]));

/** The query of a tab with its chosen variant put in. */
export function tabQuery(tab: WidgetTab, variant: string | undefined): WidgetQuery {
  return variant ? { ...tab.query, dimensions: [variant, ...tab.query.dimensions.slice(1)] } : tab.query;
}
