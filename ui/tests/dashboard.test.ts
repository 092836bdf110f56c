import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, settled, showAll, sideways, type Stage, troublesOf } from './browser';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const panel = (page: Page, title: string) => page.locator('section.panel', { has: page.getByRole('heading', { name: title, exact: true }) });
const firstRow = (page: Page, title: string) => panel(page, title).locator('tbody tr').first();
const tile = (page: Page, name: string) => page.locator('.tile', { hasText: name });

/** Asks the API itself, with the page's own session. */
async function figures(page: Page, body: object): Promise<{ rows: { dimensions: string[]; metrics: number[] }[]; totals: { metrics: number[] } }> {
  return page.evaluate(async (body) => {
    const session = await (await fetch('api/v1/session')).json();
    const answer = await fetch('api/v1/sites/1/query', { method: 'POST', headers: { 'content-type': 'application/json', 'x-csrf-token': session.csrf_token }, body: JSON.stringify(body) });
    return answer.json();
  }, body);
}

describe('the dashboard', () => {
  it('shows what the API says', async () => {
    const page = await stage.visit('/sites/1?from=2026-01-05&to=2026-01-11');
    await settled(page);
    const range = { from: '2026-01-05', to: '2026-01-11' };
    const totals = (await figures(page, { range, metrics: ['visitors', 'pageviews'] })).totals.metrics;
    const text = (n: number) => n.toLocaleString('en-US');
    expect(await tile(page, 'Visitors').locator('.value').textContent()).toBe(text(totals[0]!));
    expect(await tile(page, 'Page views').locator('.value').textContent()).toBe(text(totals[1]!));
    const pages = await figures(page, { range, metrics: ['visitors'], dimensions: ['event:page'], order_by: [['visitors', 'desc']], limit: 1 });
    if (pages.rows[0]) {
      expect(await firstRow(page, 'Pages').locator('button').textContent()).toBe(pages.rows[0].dimensions[0]);
      expect(await firstRow(page, 'Pages').locator('.value').textContent()).toBe(text(pages.rows[0].metrics[0]!));
    } else expect(stage.known).toBe(false);
    expect(troublesOf(page)).toEqual([]);
  });

  it('filters by a click on a row, and "back" undoes it', async () => {
    const page = await stage.visit('/sites/1');
    await settled(page);
    const name = (await firstRow(page, 'Pages').locator('button').textContent())!;
    await firstRow(page, 'Pages').locator('button').click();
    const chip = page.getByRole('group', { name: 'Filters' }).getByTitle('Change filter');
    expect((await chip.textContent())!.replace(/\s+/g, ' ').trim()).toBe(`Page is ${name}`);
    expect(decodeURIComponent(new URL(page.url()).search)).toContain(`f=is,event:page,${name}`);
    await settled(page);
    expect(await firstRow(page, 'Pages').locator('button').getAttribute('aria-pressed')).toBe('true');
    const shared = await stage.browser.newContext({ storageState: await page.context().storageState() });
    const other = await shared.newPage();
    await other.goto(page.url());
    await settled(other);
    expect(await tile(other, 'Visitors').locator('.value').textContent()).toBe(await tile(page, 'Visitors').locator('.value').textContent());
    await shared.close();
    await page.goBack();
    await chip.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
  });

  it('makes and changes filters in the dialog, by keyboard alone', async () => {
    const page = await stage.visit('/sites/1');
    await settled(page);
    await page.keyboard.press('/');
    await page.getByRole('dialog', { name: 'Add a filter' }).waitFor();
    await page.keyboard.type('country');
    await page.keyboard.press('Enter');
    const suggestion = page.locator('[role=option]').first();
    await suggestion.waitFor();
    const country = (await suggestion.locator('span').first().textContent())!;
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: 'Chosen values' }).getByText(country).waitFor();
    await page.getByRole('button', { name: 'Apply filter' }).press('Enter');
    await page.getByTitle('Change filter').waitFor();
    expect(decodeURIComponent(page.url())).toMatch(/f=is,visit:country,[A-Z]{2}$/);
    await page.keyboard.press('Backspace');
    await page.getByTitle('Change filter').waitFor({ state: 'detached' });
  });

  it('chooses periods by key, by list and by calendar', async () => {
    const page = await stage.visit('/sites/1');
    await settled(page);
    await page.keyboard.press('w');
    await page.waitForURL(/\?period=7d$/);
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL(/\?period=7d&date=\d{4}-\d\d-\d\d$/);
    await page.keyboard.press('x');
    await page.waitForURL(/compare=none/);
    await settled(page);
    expect(await page.locator('.tile .change').count()).toBe(0);
    await page.getByRole('button', { name: /^Period:/ }).click();
    await page.getByRole('button', { name: /^Custom range/ }).click();
    await page.getByRole('button', { name: 'Previous month' }).click();
    await page.getByRole('gridcell', { name: / 5, / }).first().click();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/from=\d{4}-\d\d-05&to=\d{4}-\d\d-13/);
  });

  it('draws another metric, another interval, a table', async () => {
    const page = await stage.visit('/sites/1');
    await settled(page);
    await tile(page, 'Bounce rate').click();
    await page.waitForURL(/metric=bounce_rate/);
    await page.getByLabel('Interval').selectOption('week');
    await page.waitForURL(/interval=week/);
    await settled(page);
    await page.getByRole('button', { name: 'Show as a table' }).click();
    const rows = page.getByRole('region', { name: 'Show as a table' }).locator('tbody tr');
    expect(await rows.count()).toBeGreaterThanOrEqual(5);
    expect(await rows.first().locator('td').first().textContent()).toMatch(/%$/);
  });

  it('opens a day from the graph', async () => {
    const page = await stage.visit('/sites/1');
    await settled(page);
    const graph = page.getByRole('slider');
    await graph.focus();
    await page.keyboard.press('Home');
    expect(await graph.getAttribute('aria-valuetext')).toMatch(/\d Visitors/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\?period=day&date=/);
    await settled(page);
    await page.goBack();
    const box = (await graph.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.3, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 100, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/\?from=.*&to=/);
  });

  it('shows everything in the details, sorted, searched and as a file', async () => {
    const page = await stage.visit('/sites/1');
    await settled(page);
    await panel(page, 'Pages').getByRole('button', { name: /^Details/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Pages · Top' });
    await dialog.locator('tbody tr').first().waitFor();
    const all = await dialog.locator('tbody tr').count();
    await dialog.getByRole('button', { name: 'Bounce rate' }).click();
    await page.waitForFunction(() => document.querySelector('dialog th[aria-sort="descending"]')?.textContent?.includes('Bounce'));
    await settled(page);
    const [file] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'CSV' }).click()]);
    const lines = (await readFile((await file.path())!, 'utf8')).trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^\ufeffPage,Visitors,Page views,Bounce rate,Time on page,Scroll depth,Visitors \(Before\)/);
    expect(lines.length - 1).toBeGreaterThanOrEqual(all);
    await dialog.getByRole('searchbox').fill('docs');
    await page.waitForFunction((before) => document.querySelectorAll('dialog tbody tr').length !== before, all);
    // The first empties the search field, the second closes.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
  });

  it('counts who is there now, pushed by the server', async () => {
    const page = await stage.visit('/sites/1');
    await page.waitForFunction(() => /^\d/.test(document.querySelector('.live b')?.textContent ?? ''));
    await page.locator('.live').click();
    await page.waitForURL(/period=realtime/);
    await settled(page);
    expect(await page.locator('.tile').count()).toBe(3);
    expect(troublesOf(page)).toEqual([]);
  });

  it('maps the world, and drills from country to region', async () => {
    const page = await stage.visit('/sites/1');
    await panel(page, 'Locations').scrollIntoViewIfNeeded();
    const map = panel(page, 'Locations').getByRole('img');
    await map.waitFor();
    expect(await map.locator('path').count()).toBeGreaterThan(150);
    expect(await map.getAttribute('aria-label')).toMatch(/Most from: \w+/);
    await panel(page, 'Locations').locator('.leaders button').first().click();
    await page.waitForURL(/visit:country/);
    await page.waitForFunction(() => [...document.querySelectorAll('[role=tab][aria-selected=true]')].some((tab) => tab.textContent === 'Regions'));
  });

  it('fits a phone without scrolling sideways', async () => {
    const page = await stage.visit('/sites/1?f=is,visit:source,Google&f=contains,event:page,/a-rather-long-path/that-goes-on/and-on', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    await settled(page);
    await showAll(page);
    expect(await sideways(page)).toBe(0);
    await page.getByRole('button', { name: /^Period:/ }).click();
    const sheet = (await page.getByRole('radiogroup', { name: 'Compare with' }).boundingBox())!;
    expect(sheet.width).toBeLessThanOrEqual(360);
    for (const path of ['/', '/sites/1/visitors', '/sites/1/settings', '/sites/1/settings/goals', '/sites/new', '/users', '/instance', '/tokens', '/account']) {
      await page.goto(stage.url + path.slice(1));
      await settled(page);
      expect([path, await sideways(page)]).toEqual([path, 0]);
    }
  });
});

describe('colours', () => {
  const background = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

  it('follow the device, and the reader over the device', async () => {
    const page = await stage.visit('/sites/1', { colorScheme: 'dark' });
    await settled(page);
    await expect.poll(() => background(page)).toBe('rgb(18, 21, 23)');
    await page.getByRole('button', { name: /^Colours:/ }).click();
    await expect.poll(() => background(page)).toBe('rgb(245, 244, 240)');
    await page.reload();
    await settled(page);
    await expect.poll(() => background(page)).toBe('rgb(245, 244, 240)');
    await page.keyboard.press('Shift+T');
    await expect.poll(() => background(page)).toBe('rgb(18, 21, 23)');
    await page.keyboard.press('Shift+T');
    await page.getByRole('button', { name: 'Colours: As the device says' }).waitFor();
  });
});
