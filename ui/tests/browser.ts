import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import axe from 'axe-core';

type Mock = { url: string; close(): Promise<void> };

export type Stage = {
  url: string;
  /** Whether the data is the stand-in's own, so that it is known to the last figure. */
  known: boolean;
  browser: Browser;
  close(): Promise<void>;
  visit(path: string, options?: BrowserContextOptions & { signedIn?: boolean }): Promise<Page>;
};

const LOGIN = process.env.FOOTFALL_LOGIN ?? 'ada';
const PASSWORD = process.env.FOOTFALL_PASSWORD ?? 'footfall-demo';

/** A browser and a server to look at: the one `FOOTFALL_URL` names, or the stand-in with the built UI. */
export async function openStage(mockOptions: Record<string, unknown> = {}): Promise<Stage> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) throw new Error(`no browser at ${executablePath}: install Debian's chromium, or say where one is with CHROMIUM`);
  let mock: Mock | undefined;
  const known = !process.env.FOOTFALL_URL || Object.keys(mockOptions).length > 0;
  if (known) {
    // @ts-expect-error the stand-in is plain JavaScript
    const { startMock } = await import('../mock/server.mjs');
    mock = (await startMock({ port: 0, firstHitAfter: 1500, ...mockOptions })) as Mock;
  }
  const url = mock?.url ?? process.env.FOOTFALL_URL!.replace(/\/*$/, '/');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
  const contexts: BrowserContext[] = [];
  return {
    url, known, browser,
    async close() {
      await Promise.all(contexts.map((context) => context.close()));
      await browser.close();
      await mock?.close();
    },
    async visit(path, { signedIn = true, ...options } = {}) {
      // A page left open would go on asking for fresh figures.
      await Promise.all(contexts.splice(0).map((one) => one.close()));
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US', reducedMotion: 'reduce', ...options });
      contexts.push(context);
      const page = await context.newPage();
      // Generous: a busy machine is not a fault of the page.
      page.setDefaultTimeout(60_000);
      const troubles: string[] = [];
      page.on('pageerror', (error) => troubles.push(error.message));
      page.on('console', (message) => {
        // A refused request shows up here too; the page's own answer to it is what counts.
        if (message.type() === 'error' && !/status of (4\d\d)/.test(message.text())) troubles.push(message.text());
      });
      (page as Page & { troubles: string[] }).troubles = troubles;
      if (signedIn) await signIn(page, url);
      await page.goto(url + path.replace(/^\//, ''));
      return page;
    },
  };
}

async function signIn(page: Page, url: string) {
  await page.goto(`${url}login`);
  await page.getByLabel('Login or e-mail').fill(LOGIN);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'All sites' }).waitFor();
}

/** What went wrong on a page: uncaught errors, and what the security policy refused. */
export const troublesOf = (page: Page): string[] => (page as Page & { troubles: string[] }).troubles;

/** Waits until nothing that can be seen is being fetched any more. Panels further down fetch when they come near. */
export async function settled(page: Page) {
  await page.locator('#main').waitFor();
  await page.waitForFunction(() => ![...document.querySelectorAll('.shimmer, [aria-busy="true"], .old')].some((one) => one.getBoundingClientRect().top < innerHeight));
}

/** Scrolls once through the page, so that everything that waits to be near is shown. */
export async function showAll(page: Page) {
  await page.evaluate(async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 500) {
      scrollTo(0, y);
      await new Promise((done) => setTimeout(done, 60));
    }
    scrollTo(0, 0);
  });
  await settled(page);
}

/** What axe-core finds wrong, one line for each kind. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const result = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return result.violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} ${n.html.slice(0, 120)} ${n.any[0]?.message ?? ''}`).join(' | ')}`);
  });
  return found;
}

export const sideways = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
