import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, settled, sideways, type Stage, troublesOf } from './browser';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({});
});
afterAll(() => stage?.close());

const shield = (page: Page, title: string) => page.getByRole('region', { name: title });
const entries = (page: Page, title: string) => shield(page, title).locator('.entry').allTextContents();
const site = (page: Page) => page.evaluate(async () => (await fetch('api/v1/sites/1')).json());

describe('shields', () => {
  it('are added and removed, each list by itself', async () => {
    const page = await stage.visit('/sites/1/settings/shields');
    await shield(page, 'Hostnames').waitFor();
    expect(await entries(page, 'IP addresses')).toEqual(['203.0.113.0/24']);
    await shield(page, 'IP addresses').getByLabel('Address to leave out').fill('not an address');
    await shield(page, 'IP addresses').getByRole('button', { name: 'Add to IP addresses' }).click();
    expect(await shield(page, 'IP addresses').getByRole('alert').textContent()).toBe('This is no address, range or pattern of addresses.');
    await shield(page, 'IP addresses').getByLabel('Address to leave out').fill('10.0.*.*');
    await page.keyboard.press('Enter');
    await shield(page, 'IP addresses').getByText('10.0.*.*', { exact: true }).waitFor();
    await shield(page, 'IP addresses').getByRole('button', { name: 'Remove 203.0.113.0/24' }).click();
    await shield(page, 'IP addresses').getByText('203.0.113.0/24', { exact: true }).waitFor({ state: 'detached' });

    await shield(page, 'Countries').getByText('Every country is counted.').waitFor();
    await shield(page, 'Countries').getByLabel('Country to leave out').selectOption({ label: 'Germany' });
    await shield(page, 'Countries').getByRole('button', { name: 'Add to Countries' }).click();
    await shield(page, 'Countries').locator('.entry', { hasText: 'Germany' }).waitFor();
    await shield(page, 'Pages').getByLabel('Path to leave out').fill('/admin/**');
    await page.keyboard.press('Enter');
    await shield(page, 'Pages').getByText('/admin/**', { exact: true }).waitFor();
    await shield(page, 'Hostnames').getByLabel('Hostname to count').fill('*.footfall.example');
    await page.keyboard.press('Enter');
    await shield(page, 'Hostnames').getByText('*.footfall.example', { exact: true }).waitFor();
    expect(await site(page)).toMatchObject({ excluded_ips: ['10.0.*.*'], excluded_countries: ['DE'], excluded_pages: ['/admin/**'], allowed_hostnames: ['*.footfall.example'] });
    expect(troublesOf(page)).toEqual([]);
  });
});

describe('event properties', () => {
  it('are hidden from the dashboard and shown again', async () => {
    const page = await stage.visit('/sites/1/settings/properties');
    await page.getByLabel('Show tier').waitFor();
    expect(await page.getByRole('rowheader').allTextContents()).toEqual(['tier', 'method', 'length', 'theme']);
    await page.getByLabel('Show method').uncheck();
    await page.getByRole('button', { name: 'Show all' }).waitFor();
    expect((await site(page)).allowed_properties).toEqual(['tier', 'length', 'theme']);
    await page.getByRole('link', { name: 'Dashboard' }).click();
    await settled(page);
    const events = page.locator('section.panel', { has: page.getByRole('heading', { name: 'Events', exact: true }) });
    await events.scrollIntoViewIfNeeded();
    await events.getByRole('tab', { name: 'Properties' }).click();
    await events.getByRole('combobox').waitFor();
    expect(await events.getByRole('combobox').locator('option').allTextContents()).toEqual(['tier', 'length', 'theme']);
    await page.goto(`${stage.url}sites/1/settings/properties`);
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('button', { name: 'Show all' }).waitFor({ state: 'detached' });
    expect((await site(page)).allowed_properties).toEqual([]);
    expect(troublesOf(page)).toEqual([]);
  });

  it('and shields fit on a phone, where the shown part is in sight', async () => {
    for (const part of ['shields', 'properties']) {
      const page = await stage.visit(`/sites/1/settings/${part}`, { viewport: { width: 390, height: 844 } });
      await settled(page);
      expect([part, await sideways(page)]).toEqual([part, 0]);
      const here = (await page.getByRole('navigation', { name: 'Settings' }).locator('[aria-current]').boundingBox())!;
      expect(here.x >= 0 && here.x + here.width <= 390).toBe(true);
    }
  });
});
