import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executablePath, launch, ready, visit } from './browser.js';
import { typedModels } from './typed-models.js';

const VIEW = '#1?view=tasks';
const NAME = /^[a-z-]+$/;
const MODELS = /\/assets\/model-[^/]*\.safetensors$/;
const CARDS = /\/assets\/card-[^/]*\.json$/;

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
    for (const name of Object.keys(typedModels)) {
      await page.getByRole('button', { name, exact: true }).click();
      await expect.poll(() => output(page).textContent(), { message: name }).toMatch(/\S/);
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
    await expect.poll(() => output(page).textContent()).toBe('2024-03-03');
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

  test('an input that was emptied is empty, and the example is a click away', async () => {
    const { page, url, problems, close } = await visit(browser, { hash: `${VIEW}&task=names` });
    await ready(page);
    const input = page.getByRole('textbox', { name: 'Input' });
    await expect.poll(() => output(page).textContent()).toMatch(NAME);
    const ending = await output(page).textContent();
    await input.fill('');
    await expect.poll(() => output(page).textContent()).not.toBe(ending);
    const name = await output(page).textContent();
    expect(name).toMatch(NAME);
    expect(await input.inputValue()).toBe('');
    await expect.poll(() => page.url()).toMatch(/tt=$/);
    const { hash } = new URL(page.url());
    await page.getByRole('button', { name: 'The example' }).click();
    await expect.poll(() => output(page).textContent()).toBe(ending);
    expect(await input.inputValue()).toBe('kat');
    await page.goto(`${url}${hash}`);
    await expect.poll(() => output(page).textContent()).toBe(name);
    expect(await input.inputValue()).toBe('');
    // A head that is switched off is missed in the answer; the next task’s model has all of its own.
    await page.getByRole('button', { name: 'The example' }).click();
    await expect.poll(() => output(page).textContent()).toBe(ending);
    await page.getByText('Switch heads off', { exact: true }).click();
    await page.getByRole('checkbox', { name: /^Layer 1: .*; head 1$/ }).uncheck();
    await expect.poll(() => output(page).textContent()).not.toBe(ending);
    await expect.poll(() => page.url()).toContain('to=layers%2F0%2Fattention.0');
    await page.getByRole('button', { name: 'translate', exact: true }).click();
    await expect.poll(() => output(page).textContent()).toBe('Ouvrir le dossier');
    await page.getByText('Switch heads off', { exact: true }).waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('what was asked of one task is never answered under another', async () => {
    const [models, cards] = [gate(), gate()];
    const { page, problems, close } = await visit(browser, {
      hash: `${VIEW}&task=dates`,
      prepare: (page) => page.route(MODELS, models.hold),
    });
    await page.waitForRequest(MODELS);
    const stop = page.getByRole('button', { name: 'Stop' });
    await stop.first().waitFor();
    await page.route(CARDS, cards.hold);
    await page.getByRole('button', { name: 'names', exact: true }).click();
    models.open();
    await expect.poll(() => stop.count()).toBe(0);
    expect(await output(page).count()).toBe(0);
    cards.open();
    await expect.poll(() => output(page).textContent()).toMatch(NAME);
    expect(problems).toEqual([]);
    await close();
  });

  test('says that a card didn’t come, and fetches it again', async () => {
    const { page, problems, close } = await visit(browser, {
      hash: `${VIEW}&task=names`,
      prepare: (page) => page.route(CARDS, (route) => route.fulfill({ status: 503 })),
    });
    await page.getByRole('alert').filter({ hasText: 'A file could not be loaded' }).waitFor();
    await page.unroute(CARDS);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => output(page).textContent()).toMatch(NAME);
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(problems.filter((problem) => !problem.includes('503'))).toEqual([]);
    await close();
  });
});

/** Holds requests until it is opened. */
function gate(): { hold: (route: Route) => Promise<void>; open: () => void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const hold = async (route: Route): Promise<void> => {
    await opened;
    await route.continue().catch(() => undefined); // the page may not want it any more
  };
  return { hold, open };
}
