import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { barriers, openStage, settled, showAll, type Stage } from './browser';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const PAGES = ['/', '/sites/1', '/sites/1?details=pages.pages', '/sites/1?f=is,event:goal,Signup', '/sites/1/visitors', '/sites/1/funnels', '/sites/2/funnels', '/sites/1/settings', '/sites/1/settings/install', '/sites/1/settings/goals', '/sites/1/settings/annotations', '/sites/1/settings/shields', '/sites/1/settings/sharing', '/sites/1/settings/reports', '/sites/1/settings/imports', '/sites/1/settings/properties', '/sites/1/settings/dimensions', '/sites/1/settings/access', '/sites/1/settings/data', '/sites/new', '/account', '/tokens', '/users', '/instance', '/password/forgotten', '/no-such-page'];

describe.each(['light', 'dark'] as const)('in %s colours, axe finds nothing wrong', (colorScheme) => {
  it.each(PAGES)('on %s', async (path) => {
    const page = await stage.visit(path, { colorScheme });
    await settled(page);
    await showAll(page);
    expect(await barriers(page)).toEqual([]);
    await page.context().close();
  });

  it('on the sign-in page', async () => {
    const page = await stage.visit('/login', { colorScheme, signedIn: false });
    await page.getByLabel('Password').waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  it('with pop-ups and dialogs open', async () => {
    const page = await stage.visit('/sites/1', { colorScheme });
    await settled(page);
    await page.getByRole('button', { name: /^Period:/ }).click();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: /^Custom range/ }).click();
    await page.getByRole('grid').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('s');
    await page.getByRole('combobox', { name: 'Find a site' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.getByRole('dialog').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.type('browser');
    await page.keyboard.press('Enter');
    await page.locator('[role=option]').first().waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await barriers(page)).toEqual([]);
  });
});
