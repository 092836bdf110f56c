import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { barriers, openStage, settled, showAll, sideways, type Stage, troublesOf } from './browser';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({});
});
afterAll(() => stage?.close());

const visitors = (page: Page) => page.locator('.tile', { hasText: 'Visitors' }).locator('.value').textContent();
const RANGE = 'from=2026-01-05&to=2026-01-11';

describe('a shared dashboard', () => {
  it('opens for strangers, with filters and ranges, and shows no way further in', async () => {
    const page = await stage.visit(`/share/footfall.example?auth=open&${RANGE}`, { signedIn: false });
    await settled(page);
    await showAll(page);
    const all = await visitors(page);
    expect(await page.title()).toBe('Footfall · Footfall');
    for (const name of ['Settings', 'Visitors']) expect(await page.getByRole('link', { name, exact: true }).count()).toBe(0);
    for (const name of ['Add an annotation', 'Segments']) expect(await page.getByRole('button', { name }).count()).toBe(0);
    await page.locator('section.panel', { has: page.getByRole('heading', { name: 'Sources' }) }).locator('tbody button').first().click();
    await page.waitForURL(/auth=open&.*f=is,visit:source/);
    await settled(page);
    expect(await visitors(page)).not.toBe(all);
    await page.reload();
    await settled(page);
    expect(await page.getByTitle('Change filter').count()).toBe(1);
    expect(await barriers(page)).toEqual([]);
    expect(troublesOf(page)).toEqual([]);
  });

  it('has the funnels of the site, which nobody can change there', async () => {
    const page = await stage.visit(`/share/footfall.example?auth=open&${RANGE}`, { signedIn: false });
    await settled(page);
    await page.getByRole('link', { name: 'Funnels', exact: true }).click();
    await page.waitForURL(/auth=open&.*funnel=1/);
    await page.getByRole('heading', { name: 'From pricing to sign-up' }).waitFor();
    await page.getByRole('link', { name: 'Evaluation' }).click();
    await page.waitForURL(/auth=open&.*funnel=2/);
    await page.reload();
    await page.getByRole('heading', { name: 'Evaluation' }).waitFor();
    for (const name of ['Add a funnel', 'Edit Evaluation', 'Delete Evaluation']) expect(await page.getByRole('button', { name }).count()).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('link', { name: 'Dashboard', exact: true }).click();
    await settled(page);
    expect(new URL(page.url()).searchParams.has('funnel')).toBe(false);
    expect(await visitors(page)).toBeTruthy();
    expect(troublesOf(page)).toEqual([]);
  });

  it('asks for its password', async () => {
    const page = await stage.visit(`/share/footfall.example?auth=locked&${RANGE}`, { signedIn: false, colorScheme: 'dark' });
    await page.getByRole('heading', { name: 'Shared dashboard' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByLabel('Password').fill('guess');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('alert').textContent()).toBe('The password is needed, or is another one.');
    await page.getByLabel('Password').fill('open sesame');
    await page.keyboard.press('Enter');
    await settled(page);
    await page.locator('.tile').first().waitFor();
    expect(troublesOf(page)).toEqual([]);
  });

  it('keeps to its segment, also for whoever may see more', async () => {
    for (const signedIn of [false, true]) {
      const page = await stage.visit(`/share/footfall.example?auth=german&${RANGE}`, { signedIn });
      await page.getByText('Limited to: German visitors').waitFor();
      await settled(page);
      const german = await visitors(page);
      const countries = page.locator('section.panel', { has: page.getByRole('heading', { name: 'Locations' }) });
      await countries.scrollIntoViewIfNeeded();
      await countries.getByRole('tab', { name: 'Countries' }).click();
      await countries.getByText('Germany').waitFor();
      expect(await countries.locator('tbody tr').count()).toBe(1);
      expect(await page.getByText('current visitors').count()).toBe(0);
      expect(troublesOf(page)).toEqual([]);
      // Going home from there, one is oneself again.
      if (signedIn) {
        await page.getByRole('link', { name: 'Footfall, all sites' }).click();
        await page.getByRole('heading', { name: 'All sites' }).waitFor();
        await page.goto(`${stage.url}sites/1?${RANGE}&f=is,visit:country,DE`);
        await settled(page);
        expect(await visitors(page)).toBe(german);
      }
    }
  });

  it('lies in a frame of another page, in the colours that page wants', async () => {
    const page = await stage.visit('/login', { signedIn: false, colorScheme: 'light' });
    // What embed.host.js does in the page around.
    const host = `addEventListener('message', ({ data }) => data.type === 'footfall:height' && (document.querySelector('iframe').style.height = data.height + 'px'))`;
    const html = `<!doctype html><title>Elsewhere</title><script>${host}</script><iframe title="Figures" width="1000" height="900" src="${stage.url}share/footfall.example?auth=open&embed=true&theme=dark&${RANGE}"></iframe>`;
    const elsewhere = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(html));
    await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
    await page.goto(`http://localhost:${(elsewhere.address() as AddressInfo).port}/`);
    const frame = page.frameLocator('iframe');
    await frame.locator('.tile .value').first().waitFor();
    expect(await frame.getByRole('link', { name: 'Footfall, all sites' }).count()).toBe(0);
    expect(await frame.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor)).toBe('rgb(18, 21, 23)');
    await frame.getByRole('button', { name: /^Period:/ }).waitFor();
    await page.waitForFunction(() => document.querySelector('iframe')!.clientHeight > 1200);
    await page.locator('iframe').evaluate((one: HTMLIFrameElement) => {
      one.style.height = '400px';
      one.contentWindow!.postMessage({ type: 'footfall:resize' }, '*');
    });
    await page.waitForFunction(() => document.querySelector('iframe')!.clientHeight > 1200);
    expect(troublesOf(page)).toEqual([]);
    elsewhere.closeAllConnections();
    elsewhere.close();
  });

  it('says so when there is none', async () => {
    const page = await stage.visit('/share/footfall.example?auth=gone', { signedIn: false });
    await page.getByRole('heading', { name: 'Shared dashboard' }).waitFor();
  });
});

describe('sharing', () => {
  it('makes a link limited to a segment saved from the dashboard, and deletes both', async () => {
    const page = await stage.visit('/sites/2?f=is,visit:device,Mobile');
    await settled(page);
    await page.getByRole('button', { name: 'Segments' }).click();
    await page.getByRole('menuitem', { name: 'Save as segment' }).click();
    await page.getByLabel('Name').fill('On phones');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.goto(`${stage.url}sites/2`);
    await settled(page);
    await page.getByRole('button', { name: 'Segments' }).click();
    await page.getByRole('menuitem', { name: 'On phones' }).click();
    await page.waitForURL(/f=is,visit:device,Mobile/);

    await page.goto(`${stage.url}sites/2/settings/sharing`);
    await page.getByText('No shared links yet.').waitFor();
    await page.getByText('Device type is Mobile').waitFor();
    await page.getByRole('button', { name: 'New shared link' }).click();
    await page.getByLabel('Who it is for').fill('The app team');
    await page.getByLabel('What it shows').selectOption({ label: 'On phones' });
    await page.getByRole('button', { name: 'Make link' }).click();
    const made = page.getByRole('dialog', { name: 'The app team' });
    expect(await made.locator('pre').first().textContent()).toMatch(/^https:\/\/stats\.example\.com\/share\/docs\.footfall\.example\?auth=\w+$/);
    expect(await made.locator('pre').last().textContent()).toMatch(/^<iframe src="https:.*&embed=true&theme=system"/);
    expect(await barriers(page)).toEqual([]);
    await made.getByRole('button', { name: 'Done' }).click();
    page.on('dialog', (question) => void question.accept());
    await page.getByRole('button', { name: 'Delete On phones' }).click();
    await page.getByText(/limits the shared link `The app team`/).waitFor();
    await page.getByRole('button', { name: 'Delete The app team' }).click();
    await page.getByText('No shared links yet.').waitFor();
    await page.getByRole('button', { name: 'Delete On phones' }).click();
    await page.getByText('No segments yet.').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await sideways(page)).toBe(0);
    expect(troublesOf(page)).toEqual([]);
  });
});
