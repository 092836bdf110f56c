import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { barriers, openStage, settled, type Stage, troublesOf } from './browser';

describe('signing in', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ firstHitAfter: 1500 });
  });
  afterAll(() => stage?.close());

  it('leads back to where one wanted to go, and out again', async () => {
    const page = await stage.visit('/sites/1/settings/goals?x=1', { signedIn: false });
    await page.waitForURL(/\/login\?next=%2Fsites%2F1%2Fsettings%2Fgoals/);
    await page.getByLabel('Login or e-mail').fill('ada');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('Login or password is wrong.');
    await page.getByLabel('Password').fill('footfall-demo');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Goals' }).waitFor();
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/\/login$/);
    expect(troublesOf(page)).toEqual([]);
  });

  it('has a way for whoever forgot the password', async () => {
    const page = await stage.visit('/login', { signedIn: false });
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    // The page before has a field of the same name.
    const send = page.getByRole('button', { name: 'Send the link' });
    await send.waitFor();
    await page.getByLabel('Login or e-mail').fill('ada@example.com');
    await send.click();
    await page.getByText('a letter is on its way').waitFor();
    await page.goto(`${stage.url}password/reset?token=guess`);
    await page.getByLabel('New password').fill('another horse');
    await page.getByRole('button', { name: 'Set the password' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('The link is not known, or no longer counts.');
    await page.goto(`${stage.url}password/reset?token=let-me-in`);
    expect(await barriers(page)).toEqual([]);
    await page.getByLabel('New password').fill('another horse');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('The new password counts from now on.').waitFor();
    expect(troublesOf(page)).toEqual([]);
  });

  it('begins for somebody new with an invitation', async () => {
    const page = await stage.visit('/users');
    await page.getByRole('button', { name: 'Add a person' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Login', { exact: true }).fill('hedy');
    await dialog.getByLabel('E-mail').fill('hedy@example.com');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('A letter is on its way. With this link, too, hedy sets a password').waitFor();
    expect(await page.locator('pre').textContent()).toContain('/invitation?token=let-hedy-in');
    await page.getByText(/^invited until /).waitFor();
    const guest = await stage.visit('/invitation?token=let-hedy-in', { signedIn: false });
    await guest.getByText('ada invites you. Set a password.').waitFor();
    expect(await guest.getByLabel('Login').inputValue()).toBe('hedy');
    expect(await barriers(guest)).toEqual([]);
    await guest.getByLabel('New password').fill('frequency hopping');
    await guest.getByRole('button', { name: 'Make the account' }).click();
    await guest.getByRole('heading', { name: 'All sites' }).waitFor();
    await guest.goto(`${stage.url}invitation?token=let-hedy-in`);
    expect(await guest.getByRole('alert').textContent()).toContain('no longer counts');
    expect(troublesOf(guest)).toEqual([]);
  });

  it('finds a dashboard by the domain, as its address is at Plausible', async () => {
    const page = await stage.visit('/sites/1');
    const domain = await page.evaluate(async () => (await (await fetch('/api/v1/sites/1')).json()).domain as string);
    await page.goto(`${stage.url}${domain}?period=7d`);
    await page.waitForURL(/\/sites\/1\?period=7d$/);
    await page.goto(`${stage.url}nowhere.example`);
    await page.getByRole('link', { name: 'All sites' }).waitFor();
    const stranger = await stage.visit(`/${domain}`, { signedIn: false });
    await stranger.waitForURL(new RegExp(`/login\\?next=%2F${domain.replaceAll('.', '\\.')}$`));
    expect(troublesOf(stranger)).toEqual([]);
  });

  it('shows each role what it may', async () => {
    const page = await stage.visit('/users');
    await page.getByText('1,204,331').waitFor();
    // By keyboard alone: the role of a member is a list that takes letters.
    const role = page.getByLabel('Role of grace');
    await role.focus();
    const saved = page.waitForResponse((answer) => answer.url().endsWith('/users/grace/role') && answer.request().method() === 'PUT');
    await page.keyboard.type('Bil');
    await page.keyboard.press('Enter');
    expect((await saved).status()).toBe(200);
    await page.getByRole('status').getByText('Saved').waitFor();
    expect(await role.inputValue()).toBe('billing');
    expect(await page.getByLabel('Role of ada').count()).toBe(0);
    expect(await barriers(page)).toEqual([]);

    // Who looks after the bills sees the team and how much is used, and cannot change it.
    const grace = await stage.visit('/login', { signedIn: false });
    await grace.getByLabel('Login or e-mail').fill('grace');
    await grace.getByLabel('Password').fill('footfall-demo');
    await grace.getByRole('button', { name: 'Sign in' }).click();
    await grace.getByRole('button', { name: 'Account' }).click();
    expect(await grace.getByRole('link', { name: 'Instance settings' }).count()).toBe(0);
    await grace.getByRole('link', { name: 'Team' }).first().click();
    await grace.getByText('1,204,331').waitFor();
    expect((await grace.getByRole('row').allTextContents()).slice(0, 3)).toEqual([
      expect.stringContaining('Role'), expect.stringMatching(/Ada Lovelace.*Owner/), expect.stringMatching(/Grace Hopper.*Billing/),
    ]);
    expect(await grace.getByRole('combobox').count()).toBe(0);
    expect(await grace.getByRole('button', { name: 'Add a person' }).count()).toBe(0);
    expect(await barriers(grace)).toEqual([]);

    // Every member may leave, once they said so twice.
    let answer = false;
    const asked: string[] = [];
    const sent: string[] = [];
    grace.on('request', (request) => request.method() === 'PUT' && sent.push(request.url()));
    grace.on('dialog', async (question) => {
      asked.push(question.message());
      await (answer ? question.accept() : question.dismiss());
    });
    await grace.getByText('You are “Billing”.').waitFor();
    await grace.getByRole('button', { name: 'Leave the team' }).click();
    await expect.poll(() => asked).toEqual(['Leave the team? Only somebody who manages it can let you in again.']);
    expect(sent).toEqual([]);
    answer = true;
    const left = grace.waitForResponse((told) => told.url().endsWith('/users/grace/role') && told.request().method() === 'PUT');
    await grace.getByRole('button', { name: 'Leave the team' }).click();
    expect((await left).request().postDataJSON()).toEqual({ role: null });
    expect((await left).status()).toBe(200);
    await grace.waitForURL((url) => !url.pathname.endsWith('/users'));
    await grace.getByRole('button', { name: 'Account' }).click();
    await grace.getByRole('link', { name: 'API tokens' }).waitFor();
    expect(await grace.getByRole('link', { name: 'Team' }).count()).toBe(0);
    expect(troublesOf(grace)).toEqual([]);
  });

  it('invites with a role that owners alone can make an owner', async () => {
    const page = await stage.visit('/users');
    await page.getByRole('button', { name: 'Add a person' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel('Role').inputValue()).toBe('viewer');
    expect(await dialog.getByLabel('Role').getByRole('option').allTextContents()).toEqual(['Owner', 'Admin', 'Editor', 'Billing', 'Viewer', 'No role']);
    await dialog.getByLabel('Role').selectOption('editor');
    await dialog.getByText('Reads every site, changes its settings and goals, and adds sites.').waitFor();
    await dialog.getByLabel('Login', { exact: true }).fill('edda');
    await dialog.getByLabel('E-mail').fill('edda@example.com');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByLabel('Role of edda').waitFor();
    expect(await page.getByLabel('Role of edda').inputValue()).toBe('editor');
    await page.getByLabel('Role of edda').selectOption('admin');
    await page.getByText('Saved').first().waitFor();
    expect(troublesOf(page)).toEqual([]);
  });

  it('never leads to another host', async () => {
    const page = await stage.visit('/login?next=//evil.example/', { signedIn: false });
    await page.getByLabel('Login or e-mail').fill('ada');
    await page.getByLabel('Password').fill('footfall-demo');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'All sites' }).waitFor();
    expect(page.url()).toBe(stage.url);
  });

  it('is not needed for a public dashboard, and only for that', async () => {
    const page = await stage.visit('/sites/2', { signedIn: false });
    await settled(page);
    expect(await page.getByRole('link', { name: 'Sign in' }).count()).toBe(1);
    expect(await page.getByRole('link', { name: 'Settings' }).count()).toBe(0);
    await page.goto(`${stage.url}sites/1`);
    await page.waitForURL(/\/login/);
  });

  it('adds a site, shows its code and sees the first hit come in', async () => {
    const page = await stage.visit('/sites/new');
    await page.getByLabel('Domain').fill('https://New.Example/path?x');
    await page.getByLabel('Cookieless').check();
    await page.getByRole('button', { name: 'Add site' }).click();
    await page.getByRole('heading', { name: 'Add the code to new.example' }).waitFor();
    expect(await page.locator('pre').textContent()).toContain('data-domain="new.example"');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: /^Copy/ }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await page.locator('pre').textContent());
    await page.getByText('The first page view is in.').waitFor();
    await page.getByRole('button', { name: 'Open the dashboard' }).click();
    await page.waitForURL(/\/sites\/\d+\?period=realtime/);
  });

  it('makes a goal, refuses its name a second time, and removes it', async () => {
    const page = await stage.visit('/sites/3/settings/goals');
    await page.getByRole('button', { name: 'Add a goal' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Read the changelog');
    await dialog.getByLabel('Pattern').fill('/changelog');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: 'Read the changelog', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Add a goal' }).click();
    await dialog.getByLabel('Name').fill('Read the changelog');
    await dialog.getByLabel('Pattern').fill('/x');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('The name `Read the changelog` is taken.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    page.on('dialog', (question) => void question.accept());
    await page.getByRole('button', { name: 'Delete Read the changelog' }).click();
    await page.getByRole('cell', { name: 'Read the changelog', exact: true }).waitFor({ state: 'detached' });
  });

  it('shows a token once', async () => {
    const page = await stage.visit('/tokens');
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('What it is for').fill('A test');
    await page.getByRole('button', { name: 'Make token' }).click();
    const secret = (await page.getByRole('dialog').locator('pre').textContent())!;
    expect(secret.length).toBeGreaterThan(20);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('cell', { name: 'A test', exact: true }).waitFor();
    expect(await page.content()).not.toContain(secret);
  });
});

describe('the first start', () => {
  it('asks for nothing but the first account, with the token from the address', async () => {
    const stage = await openStage({ setup: true });
    try {
      const page = await stage.visit('/', { signedIn: false });
      await page.waitForURL(/\/setup$/);
      await page.getByLabel('Set-up token').waitFor();
      await page.goto(`${stage.url}setup?token=let-me-in`);
      await page.getByLabel('Login').fill('grace');
      await page.getByLabel('E-mail').fill('grace@example.com');
      await page.getByLabel('Password').fill('a long password');
      expect(await page.getByLabel('Set-up token').count()).toBe(0);
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.waitForURL(/\/sites\/new$/);
      await page.getByRole('heading', { name: 'Add a site' }).waitFor();
      expect(troublesOf(page)).toEqual([]);
    } finally {
      await stage.close();
    }
  });
});

describe('below another path', () => {
  it('everything works the same', async () => {
    const stage = await openStage({ base: '/stats/' });
    try {
      const page = await stage.visit('/sites/1?period=7d');
      await settled(page);
      expect(page.url()).toBe(`${stage.url}sites/1?period=7d`);
      await page.getByRole('link', { name: 'Visitors' }).click();
      await page.getByRole('heading', { name: 'Visitors' }).waitFor();
      expect(new URL(page.url()).pathname).toBe('/stats/sites/1/visitors');
      await page.reload();
      await page.getByRole('heading', { name: 'Visitors' }).waitFor();
      expect(troublesOf(page)).toEqual([]);
    } finally {
      await stage.close();
    }
  });
});
