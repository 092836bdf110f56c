import axe from 'axe-core';
import { type Component, flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { QueryResult, Site } from '../api/types';
import { charts, place, tabQuery, widgets } from '../lib/widget';
import Change from './Change.svelte';
import Chooser from './Chooser.svelte';
import Graph from './Graph.svelte';
import Tabs from './Tabs.svelte';

let app: Record<string, unknown> | undefined;

// The tests give the props they need; the parts' own types would ask for all of them.
function show(component: unknown, props: Record<string, unknown>) {
  document.body.innerHTML = '<main></main>';
  app = mount(component as Component<Record<string, unknown>>, { target: document.querySelector('main')!, props });
  flushSync();
  return document.querySelector('main')!;
}

afterEach(() => {
  if (app) void unmount(app);
  app = undefined;
});

const site = { id: 1, name: 'A', domain: 'example.com', urls: ['https://example.com'] } as Site;

function resultFor(dimensions: string[], metrics: string[]): QueryResult {
  const values: Record<string, string[]> = { 'visit:country': ['DE', 'SG', '(not set)'], 'time:day_of_week': ['1', '7'], 'visit:visitor_type': ['new', 'returning'] };
  const rows = (values[dimensions[0]!] ?? ['/one', '/two']).map((value, i) => ({ dimensions: dimensions.map((d, at) => (at === 0 ? value : d === 'time:hour_of_day' ? String(9 + i) : 'x')), metrics: metrics.map(() => 20 - i), comparison: metrics.map(() => 10) }));
  return { rows, totals: { metrics: metrics.map(() => 40), comparison: metrics.map(() => 20) }, metrics: metrics.map((name) => ({ name, unit: 'count' })), meta: { from: '2026-02-01', to: '2026-02-11', compare_from: '2026-01-21', compare_to: '2026-01-31', timezone: 'UTC', currency: 'EUR', now: '2026-02-11T10:00:00', total_rows: rows.length, labels: {} } } as QueryResult;
}

describe('every widget', () => {
  it('is laid out in order, with tabs or without', () => {
    expect(widgets.map((w) => w.id)).toEqual(['sources', 'pages', 'locations', 'devices', 'goals', 'events', 'visit-times', 'visitor-types']);
    const made = place({ '../widgets/late.ts': { title: 'Late', chart: 'bars', query: { dimensions: ['event:page'], metrics: ['visitors'] } }, '../widgets/first.ts': { title: 'First', order: 1, tabs: [] } });
    expect(made.map((w) => w.id)).toEqual(['first', 'late']);
    expect(made[1]!.tabs).toEqual([expect.objectContaining({ id: 'main', chart: 'bars' })]);
  });

  const tabs = widgets.flatMap((widget) => widget.tabs.map((tab) => [`${widget.id}.${tab.id}`, widget, tab] as const));

  it.each(tabs)('%s names a chart there is and drills to a tab there is', (_, widget, tab) => {
    expect(Object.keys(charts)).toContain(tab.chart);
    if (tab.drill) expect(widget.tabs.map((one) => one.id)).toContain(tab.drill);
    expect(new Set(widget.tabs.map((one) => one.id)).size).toBe(widget.tabs.length);
  });

  it.each(tabs)('%s draws, and is accessible', async (name, _, tab) => {
    const query = tabQuery(tab, tab.variants?.[0]?.dimension ?? (tab.variantsFrom === 'properties' ? 'event:props:tier' : tab.variantsFrom ? 'visit:dimension1' : undefined));
    const root = show(charts[tab.chart]!, { result: resultFor(query.dimensions, query.metrics), query, site, label: name, active: [], pick: () => undefined });
    await new Promise((done) => setTimeout(done, 20));
    const found = await axe.run(root, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
    expect(found.violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`)).toEqual([]);
  });
});

describe('bars', () => {
  it('say names and figures, and filter by the value itself', () => {
    const pick = vi.fn();
    const root = show(charts.bars!, { result: resultFor(['visit:country'], ['visitors']), query: { dimensions: ['visit:country'], metrics: ['visitors'] }, site, label: 'Countries', active: ['SG'], pick });
    const rows = [...root.querySelectorAll('tbody tr')].map((tr) => tr.textContent!.replace(/\s+/g, ' ').trim());
    expect(rows[0]).toMatch(/DE Germany.*20.*100%.*50%/);
    expect(rows[2]).toMatch(/^Unknown/);
    const buttons = [...root.querySelectorAll('button')];
    expect(buttons.map((b) => b.getAttribute('aria-pressed'))).toEqual(['false', 'true', 'false']);
    buttons[0]!.click();
    expect(pick).toHaveBeenCalledWith('DE');
  });

  it('link only to where a page is', () => {
    const result = resultFor(['event:page'], ['visitors']);
    result.rows[1]!.dimensions = ['javascript:alert(1)'];
    const root = show(charts.bars!, { result, query: { dimensions: ['event:page'], metrics: ['visitors'] }, site, label: 'Pages', active: [] });
    expect([...root.querySelectorAll('a')].map((a) => a.getAttribute('href'))).toEqual(['https://example.com/one']);
  });
});

describe('the graph', () => {
  const props = { label: 'Visitors', buckets: ['2026-02-09', '2026-02-10', '2026-02-11', '2026-02-12'], values: [5, 8, 2], before: [4, 4, 4], beforeBuckets: ['2026-02-05', '2026-02-06', '2026-02-07'], unit: 'count', metric: 'visitors', interval: 'day', running: 2 };

  it('is walked with the keyboard and read aloud', () => {
    const onpick = vi.fn();
    const root = show(Graph, { ...props, onpick });
    const slider = root.querySelector('[role=slider]')!;
    const press = (key: string) => {
      slider.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      flushSync();
    };
    press('Home');
    expect(slider.getAttribute('aria-valuetext')).toBe('Mon, Feb 9, 2026: 5 Visitors, Before 4');
    press('ArrowRight');
    expect(slider.getAttribute('aria-valuenow')).toBe('1');
    expect(root.querySelector('.tip')!.textContent).toMatch(/100%.*Tue, Feb 10, 2026.*8.*4/s);
    press('Enter');
    expect(onpick).toHaveBeenCalledWith(1);
    press('End');
    expect(root.querySelector('.tip')!.textContent).toContain('so far');
  });

  it('draws nothing when there is nothing', () => {
    const root = show(Graph, { ...props, values: [], before: [], buckets: [] });
    expect(root.querySelector('path.line')!.getAttribute('d')).toBe('');
  });
});

describe('small parts', () => {
  it('a change is good or bad by its metric', () => {
    const look = (props: Record<string, unknown>) => show(Change, props).querySelector('.change');
    expect(look({ now: 20, before: 10, metric: 'visitors' })!.className).toContain('good');
    expect(look({ now: 20, before: 10, metric: 'bounce_rate' })!.className).toContain('bad');
    expect(look({ now: 10, before: 10 })!.textContent!.trim()).toBe('0%');
    expect(look({ now: 10, before: 0 })).toBeNull();
  });

  it('tabs move with the arrows and wrap round', () => {
    const onchoose = vi.fn();
    const root = show(Tabs, { label: 'x', tabs: [{ id: 'a', title: 'A' }, { id: 'b', title: 'B' }], chosen: 'b', onchoose });
    root.querySelector('[role=tablist]')!.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    expect(onchoose).toHaveBeenCalledWith('a');
    expect([...root.querySelectorAll('[role=tab]')].map((tab) => tab.getAttribute('tabindex'))).toEqual(['-1', '0']);
  });

  it('a chooser narrows down, and chooses by keyboard', () => {
    const onchoose = vi.fn();
    const root = show(Chooser, { label: 'Find', choices: [{ id: '1', label: 'Blog' }, { id: '2', label: 'Shop', hint: 'shop.example' }], onchoose });
    const input = root.querySelector('input')!;
    input.value = 'SHOP.ex';
    input.dispatchEvent(new Event('input', { bubbles: true }));
    flushSync();
    expect([...root.querySelectorAll('[role=option]')].map((o) => o.textContent!.replace(/\s+/g, ' ').trim())).toEqual(['Shop shop.example']);
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    expect(onchoose).toHaveBeenCalledWith({ id: '2', label: 'Shop', hint: 'shop.example' });
  });
});
