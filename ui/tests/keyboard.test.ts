import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, settled, showAll, type Stage } from './browser';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

/** What has the focus: its name and whether one can see that it has it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return {
      name: (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 60),
      role: element.getAttribute('role') ?? element.tagName.toLowerCase(),
      seen: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) && box.width > 0 && box.height > 0,
    };
  });

describe('the keyboard', () => {
  it('reaches everything in order, and one always sees where one is', async () => {
    const page = await stage.visit('/sites/1');
    await settled(page);
    await showAll(page);
    await page.evaluate(() => (document.activeElement as HTMLElement)?.blur());
    const walk: { name: string; role: string; seen: boolean }[] = [];
    for (let i = 0; i < 140; i++) {
      await page.keyboard.press('Tab');
      const now = await focused(page);
      if (now.role === 'body') break;
      walk.push(now);
    }
    expect(walk[0]!.name).toBe('Skip to the figures');
    expect(walk.filter((stop) => !stop.seen)).toEqual([]);
    expect(walk.filter((stop) => stop.name === '' && stop.role !== 'select' && stop.role !== 'pre')).toEqual([]);
    const place = (name: string) => walk.findIndex((stop) => stop.name.startsWith(name));
    const order = ['Footfall, all sites', 'Switch site', 'Dashboard', 'Visitors', 'Filter', 'Period', 'Show as a table'].map(place);
    expect(order.every((at) => at > 0)).toBe(true);
    expect([...order].sort((a, b) => a - b)).toEqual(order);
    // A row of tabs is one stop; the arrows move within it.
    expect(walk.filter((stop) => stop.role === 'tab').length).toBe(await page.getByRole('tablist').count());
  });

  it('skips to the figures', async () => {
    const page = await stage.visit('/sites/1');
    await settled(page);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  });

  it('opens pop-ups, keeps to dialogs, and comes back to where it was', async () => {
    const page = await stage.visit('/sites/1');
    await settled(page);
    await page.keyboard.press('s');
    await page.getByRole('combobox', { name: 'Find a site' }).waitFor();
    await page.keyboard.press('Escape');
    expect((await focused(page)).name).toMatch(/^Switch site/);
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await help.waitFor();
    for (let i = 0; i < 5; i++) await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement === document.body || !!document.activeElement?.closest('dialog'))).toBe(true);
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    expect((await focused(page)).name).toMatch(/^Switch site/);
  });

  it('keeps shortcuts out of what is typed', async () => {
    const page = await stage.visit('/sites/1');
    await settled(page);
    await page.keyboard.press('s');
    await page.getByRole('combobox', { name: 'Find a site' }).waitFor();
    await page.keyboard.type('dwmx/?');
    expect(new URL(page.url()).search).toBe('');
    expect(await page.getByRole('combobox', { name: 'Find a site' }).inputValue()).toBe('dwmx/?');
  });

  it('switches site and keeps the range', async () => {
    const page = await stage.visit('/sites/1?period=7d&f=is,visit:source,Google');
    await settled(page);
    await page.keyboard.press('s');
    await page.locator('[role=option]').nth(1).waitFor();
    await page.keyboard.press('ArrowDown');
    const id = Number(new URL(page.url()).pathname.split('/').pop());
    await page.keyboard.press('Enter');
    await page.waitForURL(/\?period=7d$/);
    await settled(page);
    expect(Number(new URL(page.url()).pathname.split('/').pop())).not.toBe(id === 1 ? NaN : 1);
  });
});
