import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, settled, sideways, type Stage, troublesOf } from './browser';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({});
});
afterAll(() => stage?.close());

const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

describe('imports', () => {
  it('bring figures from an archive, tell what is wrong with it, and go again', async () => {
    const page = await stage.visit('/sites/1/settings/imports');
    await page.getByRole('cell', { name: '18,204' }).waitFor();
    // Events are listed too, and stay.
    await page.getByRole('cell', { name: '4,210 2 lines refused' }).waitFor();
    expect(await page.getByRole('button', { name: /^Delete Events/ }).count()).toBe(0);
    expect(await page.getByRole('button', { name: /^Delete Plausible export/ }).count()).toBe(1);
    await page.getByLabel('Files').setInputFiles([file('imported_pages.csv', 'date,page\n2025-03-01,/\n2025-03-02,/\n'), file('holiday.csv', 'x')]);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    expect((await page.getByRole('alert').textContent())!.trim()).toBe('`holiday.csv` is not a file of an archive, such as `imported_pages.csv`.');
    await page.getByLabel('Files').setInputFiles([file('imported_pages.csv', 'date,page\n2025-03-01,/\n2025-03-02,/\n')]);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('2 rows of figures came in, from Sat, Mar 1, 2025 to Sun, Mar 2, 2025.').waitFor();
    await page.getByRole('cell', { name: 'Mar 1 – 2, 2025', exact: true }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);

    await page.getByLabel('What to import').selectOption({ label: 'Google Analytics 4 reports' });
    await page.getByLabel('Files').setInputFiles([file('reports.zip', 'PK')]);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('cell', { name: 'Google Analytics 4 reports', exact: true }).waitFor();
    page.on('dialog', (question) => void question.accept());
    await page.getByRole('button', { name: 'Delete Google Analytics 4 reports, Jan 1 – 2, 2025' }).click();
    await page.getByRole('cell', { name: 'Google Analytics 4 reports', exact: true }).waitFor({ state: 'detached' });
    expect(troublesOf(page)).toEqual([]);
  });

  it('bring events, and tell which lines could not be read', async () => {
    const page = await stage.visit('/sites/1/settings/imports');
    await page.getByLabel('What to import').selectOption({ label: 'Events' });
    await page.getByLabel('Files').setInputFiles([file('events.ndjson', '{"site": 1}\nnot a line\n{"site": 1}\n')]);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('2 of 3 lines came in.').waitFor();
    await page.getByText('1 line could not be read').click();
    await page.getByText('Line 2').waitFor();
    expect(troublesOf(page)).toEqual([]);
  });

  it('and exports are a zip file of figures, and events as a stream', async () => {
    const page = await stage.visit('/sites/1/settings/imports');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV archive' }).click()]);
    expect(download.suggestedFilename()).toMatch(/^footfall\.example-\d{4}-\d\d-\d\d\.zip$/);
    const bytes = await readFile((await download.path())!);
    expect(bytes.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
    expect(bytes.toString('latin1')).toContain('date,visitors\n');
    expect(await page.getByRole('link', { name: 'JSON lines' }).getAttribute('href')).toBe('/api/v1/sites/1/export/events?format=ndjson');
    await page.setViewportSize({ width: 390, height: 844 });
    await settled(page);
    expect(await sideways(page)).toBe(0);
  });
});
