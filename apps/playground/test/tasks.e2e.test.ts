import { models } from '@heed/models';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executablePath, launch, ready, visit } from './browser.js';

const VIEW = '#1?view=tasks';

describe.runIf(executablePath !== undefined)('tasks view', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  const output = (page: Page) => page.locator('p[aria-label=Output]');

  test('answers the example of every task, with attention maps', async () => {
    const { page, problems, close } = await visit(browser, { hash: VIEW });
    await ready(page);
    for (const name of Object.keys(models)) {
      await page.getByRole('button', { name, exact: true }).click();
      await expect.poll(() => output(page).textContent(), { message: name, timeout: 60_000 }).toMatch(/\S/);
      expect(await page.locator('section[aria-label=Answer] figure').count(), name).toBeGreaterThan(0);
    }
    expect(problems).toEqual([]);
    await close();
  }, 240_000);

  test('answers what is typed, on another backend, and says what is wrong with it', async () => {
    const { page, problems, close } = await visit(browser, { hash: `${VIEW}&task=dates&on=cpu` });
    await ready(page);
    const input = page.getByRole('textbox', { name: 'Input' });
    await input.fill('de: 3. März 2024');
    await expect.poll(() => output(page).textContent(), { timeout: 60_000 }).toBe('2024-03-03');
    await input.fill('5. April 2021');
    await expect.poll(() => output(page).textContent()).toBe('2021-04-05');
    await input.fill('\u0000');
    await page.getByRole('alert').waitFor();
    await input.fill('de: 3. März 2024');
    await expect.poll(() => output(page).textContent()).toBe('2024-03-03');
    expect(page.url()).toMatch(/task=dates/);
    expect(problems).toEqual([]);
    await close();
  });
});
