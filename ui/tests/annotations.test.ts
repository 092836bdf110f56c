import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { barriers, openStage, settled, sideways, type Stage, troublesOf } from './browser';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({});
});
afterAll(() => stage?.close());

describe('annotations', () => {
  it('stand on the graph, and say what they are to mouse and keyboard', async () => {
    const page = await stage.visit('/sites/1');
    await settled(page);
    const marks = page.getByRole('group', { name: 'Annotations' }).getByRole('button');
    expect(await marks.count()).toBe(2);
    const tip = page.getByRole('tooltip');
    await marks.last().hover();
    expect(await tip.textContent()).toContain('Version 0.2 released');
    await page.mouse.move(0, 0);
    await tip.waitFor({ state: 'detached' });
    await marks.first().focus();
    expect(await tip.textContent()).toContain('The new pricing page went live');
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await tip.waitFor({ state: 'detached' });
    await page.keyboard.press('Tab');
    expect(await tip.textContent()).toContain('Version 0.2 released');
    // Where the mark stands is where the day is.
    const [mark, graph] = [(await marks.last().boundingBox())!, (await page.getByRole('slider').boundingBox())!];
    expect((mark.x + mark.width / 2 - graph.x) / graph.width).toBeGreaterThan(0.8);
    await page.getByRole('button', { name: 'Show as a table' }).click();
    await page.getByRole('rowheader', { name: /Version 0.2 released/ }).waitFor();
    expect(troublesOf(page)).toEqual([]);
  });

  it('are added, changed and deleted on the graph and in the list', async () => {
    const page = await stage.visit('/sites/1?period=7d');
    await settled(page);
    const marks = page.getByRole('group', { name: 'Annotations' }).getByRole('button');
    expect(await marks.count()).toBe(1);
    await page.getByRole('button', { name: 'Add an annotation' }).click();
    await page.getByLabel('What happened').fill('A talk at a conference');
    await page.getByLabel('Important').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: /A talk at a conference/ }).click();
    const list = page.getByRole('dialog', { name: 'Annotations' });
    await list.getByRole('button', { name: 'Edit A talk at a conference' }).click();
    await page.getByLabel('What happened').fill('A talk in Vienna');
    await page.getByRole('button', { name: 'Save' }).click();
    await list.getByText('A talk in Vienna').waitFor();
    await page.keyboard.press('Escape');
    await page.goto(`${stage.url}sites/1/settings/annotations`);
    await page.getByText('A talk in Vienna').waitFor();
    expect(await page.locator('#main li .text').allTextContents()).toEqual(['A talk in Vienna', 'Version 0.2 released', 'The new pricing page went live']);
    page.on('dialog', (question) => void question.accept());
    await page.getByRole('button', { name: 'Delete A talk in Vienna' }).click();
    await page.getByText('A talk in Vienna').waitFor({ state: 'detached' });
    await page.goto(`${stage.url}sites/2/settings/annotations`);
    await page.getByText('No annotations yet.').waitFor();
    expect(troublesOf(page)).toEqual([]);
  });

  it('are not shown on public dashboards, and fit on a phone', async () => {
    const page = await stage.visit('/sites/2', { signedIn: false });
    await settled(page);
    expect(await page.getByRole('group', { name: 'Annotations' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Add an annotation' }).count()).toBe(0);
    expect(troublesOf(page)).toEqual([]);
    const phone = await stage.visit('/sites/1/settings/annotations', { viewport: { width: 390, height: 844 } });
    await settled(phone);
    expect(await sideways(phone)).toBe(0);
  });
});
