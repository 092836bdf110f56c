import { getContext, setContext } from 'svelte';
import type { CustomDimension, Filter, Site } from '../api/types';
import type { Day } from './days';
import { toggleValue, withFilter, withoutFilter } from './filters';
import { type Interval, intervalsFor, type Span } from './period';
import { go, place } from './router.svelte';
import { formatView, parseView, type View, withLink, withSpan } from './view';

/** What the parts of a site's pages share: the site, and the view that the address says. */
export class Dashboard {
  view = $derived(parseView(place.search));
  dimensions = $state.raw<CustomDimension[]>([]);
  #site: () => Site;
  #today: () => Day;

  constructor(site: () => Site, today: () => Day) {
    this.#site = site;
    this.#today = today;
  }

  get site() {
    return this.#site();
  }

  get today() {
    return this.#today();
  }

  get intervals(): Interval[] {
    return intervalsFor(this.view, this.today);
  }

  get interval(): Interval {
    return this.view.interval && this.intervals.includes(this.view.interval) ? this.view.interval : this.intervals[0]!;
  }

  /** Shows another view: a new entry in the history, so that "back" undoes it. */
  show(view: View) {
    go(place.path + withLink(formatView(view), place.search));
  }

  change(part: Partial<View>) {
    this.show({ ...this.view, ...part });
  }

  setSpan(span: Span) {
    this.show(withSpan(this.view, span));
  }

  toggle(dimension: string, value: string) {
    this.change({ filters: toggleValue(this.view.filters, dimension, value) });
  }

  addFilter(filter: Filter, at = -1) {
    this.change({ filters: withFilter(this.view.filters, filter, at) });
  }

  dropFilter(at: number) {
    this.change({ filters: withoutFilter(this.view.filters, at) });
  }
}

const KEY = Symbol('dashboard');

export const provideDashboard = (dashboard: Dashboard): Dashboard => setContext(KEY, dashboard);
export const useDashboard = (): Dashboard => getContext(KEY);
