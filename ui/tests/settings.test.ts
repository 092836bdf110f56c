import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, settled, sideways, type Stage, troublesOf } from './browser';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({});
});
afterAll(() => stage?.close());

describe('settings', () => {
  it('make goals of scroll depths and of events with properties', async () => {
    const page = await stage.visit('/sites/1/settings/goals');
    await page.getByRole('button', { name: 'Add a goal' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('Read the guide');
    await dialog.getByLabel('Reached by').selectOption({ label: 'Scroll depth' });
    await dialog.getByLabel('Comparison').selectOption('wildcard');
    await dialog.getByLabel('Pattern').fill('/docs/*');
    await dialog.getByLabel('Read down to').fill('90');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: /\/docs\/\* down to 90 %/ }).waitFor();
    await page.getByRole('button', { name: 'Edit Signup' }).click();
    expect(await dialog.getByLabel('Comparison').locator('option').allTextContents()).toEqual(['is exactly']);
    await dialog.getByRole('button', { name: 'Add a property' }).click();
    await dialog.getByLabel('Property 1', { exact: true }).fill('tier');
    await dialog.getByLabel('Value of property 1').fill('team');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('tier: team').waitFor();
    const goals = await page.evaluate(async () => (await fetch('api/v1/sites/1/goals')).json());
    expect(goals.goals.find((goal: { name: string }) => goal.name === 'Signup')).toMatchObject({ match: 'event', props: { tier: 'team' }, scroll_depth: null });
    expect(goals.goals.find((goal: { name: string }) => goal.name === 'Read the guide')).toMatchObject({ match: 'scroll', scroll_depth: 90, props: {} });
    expect(troublesOf(page)).toEqual([]);
  });

  it('limit how long visits are kept, after a question where more is deleted', async () => {
    const page = await stage.visit('/sites/1/settings');
    const choice = page.getByLabel('Delete visits');
    expect(await choice.locator('option:checked').textContent()).toBe('As the server says: After 2 years');
    const asked: string[] = [];
    page.on('dialog', (question) => {
      asked.push(question.message());
      void (asked.length === 1 ? question.dismiss() : question.accept());
    });
    await choice.selectOption({ label: 'After 6 months' });
    expect(await choice.inputValue()).toBe('');
    await choice.selectOption({ label: 'After 6 months' });
    await expect.poll(() => page.evaluate(async () => (await (await fetch('api/v1/sites/1/retention')).json()).days)).toBe(183);
    await choice.selectOption({ label: 'Never' });
    await expect.poll(() => page.evaluate(async () => (await (await fetch('api/v1/sites/1/retention')).json()).days)).toBe(0);
    expect(asked).toHaveLength(2);
    expect(troublesOf(page)).toEqual([]);
  });

  it('say who gets reports by e-mail', async () => {
    const page = await stage.visit('/sites/1/settings/reports');
    const weekly = page.getByLabel('Who gets the weekly report');
    await expect.poll(() => weekly.inputValue()).toBe('ada@example.com');
    await weekly.fill('ada@example.com\neve@example.com');
    await page.getByLabel('When at least so many visitors are there at once').fill('250');
    await page.getByLabel('Who is told of many visitors').fill('ops@example.com');
    await page.getByRole('button', { name: 'Save' }).click();
    const told = () => page.evaluate(async () => (await fetch('api/v1/sites/1/email-reports')).json());
    await expect.poll(async () => (await told()).weekly).toEqual(['ada@example.com', 'eve@example.com']);
    expect(await told()).toMatchObject({ monthly: [], traffic_spike: { recipients: ['ops@example.com'], threshold: 250 }, traffic_drop: null });
    expect(troublesOf(page)).toEqual([]);
  });

  it('invite guests and give tokens a purpose', async () => {
    const page = await stage.visit('/sites/1/settings/access');
    await page.getByText('linus@example.com').waitFor();
    await page.getByLabel('E-mail').fill('barbara@example.com');
    await page.getByLabel('Role').selectOption('editor');
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByText('barbara@example.com', { exact: true }).waitFor();
    page.on('dialog', (question) => void question.accept());
    await page.getByRole('button', { name: 'Delete linus@example.com' }).click();
    await page.getByText('linus@example.com', { exact: true }).waitFor({ state: 'detached' });
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await sideways(page)).toBe(0);

    await page.goto(`${stage.url}tokens`);
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('What it is for').fill('The wall display');
    await page.getByLabel('What it may be used for').selectOption({ label: 'Reading figures' });
    await page.getByRole('button', { name: 'Make token' }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await settled(page);
    await page.getByRole('cell', { name: /The wall display.*Reading figures/ }).waitFor();
    expect(troublesOf(page)).toEqual([]);
  });
});
