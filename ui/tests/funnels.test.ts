import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, settled, sideways, type Stage, troublesOf } from './browser';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({});
});
afterAll(() => stage?.close());

describe('funnels', () => {
  it('show how far visitors get, within the range and the filters', async () => {
    const page = await stage.visit('/sites/1/funnels?period=7d');
    await settled(page);
    expect(await page.getByRole('navigation', { name: 'Funnels' }).getByRole('link').allTextContents()).toEqual(['From pricing to sign-up', 'Evaluation']);
    const told = (filters: unknown[]) =>
      page.evaluate(async (filters) => {
        const session = await (await fetch('api/v1/session')).json();
        const answer = await fetch('api/v1/sites/1/funnels/1/query', { method: 'POST', headers: { 'x-csrf-token': session.csrf_token }, body: JSON.stringify({ range: { period: '7d' }, filters }) });
        return answer.json();
      }, filters);
    const steps = page.locator('li.step');
    const seen = async () => (await steps.locator('.value b').allTextContents()).map((text) => Number(text.replace(/\D/g, '')));
    const all = await told([]);
    expect(all.steps.map((step: { visitors: number }) => step.visitors)).toEqual(await seen());
    expect(await seen()).toHaveLength(2);
    expect((await seen())[1]).toBeLessThan((await seen())[0]!);
    expect(await page.locator('li.between').textContent()).toContain(`${all.steps[1].dropoff} left`);
    expect(await page.locator('.facts').textContent()).toContain(`${all.entering_visitors} of ${all.all_visitors} visitors entered`);

    await page.goto(`${stage.url}sites/1/funnels/1?period=7d&f=is,visit:country,DE`);
    await settled(page);
    expect(await seen()).toEqual((await told([['is', 'visit:country', ['DE']]])).steps.map((step: { visitors: number }) => step.visitors));
    expect(troublesOf(page)).toEqual([]);
  });

  it('are made, changed and deleted by keyboard and mouse', async () => {
    const page = await stage.visit('/sites/1/funnels?period=7d');
    await settled(page);
    await page.getByRole('button', { name: 'Add a funnel' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a funnel' });
    await page.keyboard.type('Evaluation');
    await dialog.getByLabel('Step 1', { exact: true }).selectOption({ label: 'Visit pricing' });
    expect(await dialog.getByLabel('Step 2', { exact: true }).locator('option').allTextContents()).not.toContain('Visit pricing');
    await dialog.getByLabel('Step 2', { exact: true }).selectOption({ label: 'Signup' });
    await dialog.getByRole('button', { name: 'Add a step' }).click();
    await dialog.getByLabel('Step 3', { exact: true }).selectOption({ label: 'Read install guide' });
    await dialog.getByRole('button', { name: 'Move step 3 up' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('The site has a funnel `Evaluation` already.').waitFor();
    await dialog.getByLabel('Name').fill('With the guide');
    await dialog.getByLabel('Name').press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.waitForURL(/\/sites\/1\/funnels\/3\?period=7d$/);
    await settled(page);
    await page.getByRole('heading', { name: 'With the guide' }).waitFor();
    expect(await page.locator('li.step .name').allTextContents()).toEqual(['Visit pricing', 'Read install guide', 'Signup']);

    await page.getByRole('button', { name: 'Edit With the guide' }).click();
    await page.getByRole('button', { name: 'Remove step 2' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForFunction(() => document.querySelectorAll('li.step').length === 2);
    page.on('dialog', (question) => void question.accept());
    await page.getByRole('button', { name: 'Delete With the guide' }).click();
    await page.waitForFunction(() => document.querySelectorAll('nav[aria-label=Funnels] a').length === 2);
    expect(troublesOf(page)).toEqual([]);
  });

  it('say what to do where there are none, and fit on a phone', async () => {
    const page = await stage.visit('/sites/2/funnels', { viewport: { width: 390, height: 844 } });
    await page.getByRole('heading', { name: 'No funnels yet' }).waitFor();
    await page.getByRole('button', { name: 'Add a funnel' }).waitFor();
    await page.goto(`${stage.url}sites/1/funnels`);
    await settled(page);
    expect(await sideways(page)).toBe(0);
  });
});
