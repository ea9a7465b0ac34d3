import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '@heed/chromium/axe';
import { TOYS } from '../src/engine/jobs.js';
import { LOOKS, drawn, executablePath, keysOf, launch, ready, tableOf, visit } from './browser.js';
import { picture } from './pictures.js';
import { untranslated } from './untranslated.js';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const step = async (page: Page): Promise<number> =>
  Number(/after step (\d+) of/.exec((await page.getByText(/^after step \d+ of/).textContent())!)![1]);
/** A share that the page tells, in percent. */
const told = async (page: Page, what: RegExp): Promise<number> =>
  Number.parseInt((await page.locator('#view-train label', { hasText: what }).textContent())!, 10);
const ALIGNED = /of its attention is on the right letter/;
const RIGHT = /of rows it never saw are written right/;

describe.runIf(executablePath !== undefined)('a toy that is learnt in seconds', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test.each(TOYS.map((toy, n) => [toy, n + 1] as const))(
    '%s, seed %i: its attention finds the letters, and it writes them',
    async (toy, seed) => {
      const { page, problems, close } = await visit(browser, { hash: `#1?view=train&toy=${toy}&toys=${seed}` });
      await ready(page);
      await expect.poll(() => page.getByText(/^after step 0 of/).count()).toBe(1);
      expect(await told(page, ALIGNED)).toBeLessThan(35); // it looks everywhere
      await button(page, 'Play').click();
      await page.getByText('It has learnt all that it will here.').waitFor();
      expect(await told(page, ALIGNED)).toBeGreaterThan(80);
      expect(await told(page, RIGHT)).toBeGreaterThan(90);
      // The map says the same: of each row, the greatest weight is where the letter is read.
      const { rows, columns, values } = await tableOf(page, 'Attention');
      expect(rows.map((_, n) => columns[values[n]!.indexOf(Math.max(...values[n]!))])).toEqual(rows);
      expect(rows).toEqual({ copy: columns, reverse: columns.toReversed(), sort: columns.toSorted() }[toy]);
      expect(problems).toEqual([]);
      await close();
    },
  );

  test('is what the view begins with; it plays, pauses, takes one step, and starts over, by the keyboard alone', async () => {
    const { page, problems, close } = await visit(browser);
    await ready(page);
    await page.getByRole('tab', { name: 'Train' }).click();
    const play = button(page, 'Play');
    await play.focus();
    await page.getByText(/^after step 0 of/).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => step(page)).toBeGreaterThan(3);
    await button(page, 'Pause').focus();
    await page.keyboard.press('Space');
    await play.waitFor();
    const paused = await step(page);
    await page.waitForTimeout(300);
    expect(await step(page)).toBe(paused);
    await button(page, 'One step').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => step(page)).toBe(paused + 1);
    await page.keyboard.press('Enter');
    await expect.poll(() => step(page)).toBe(paused + 2);
    // Another toy begins anew, and the link has it.
    await button(page, 'Sort').click();
    await expect.poll(() => step(page)).toBe(0);
    await expect.poll(() => page.url()).toContain('toy=sort');
    const before = await tableOf(page, 'Attention');
    await button(page, 'Start over, with other letters').click();
    await expect.poll(async () => (await tableOf(page, 'Attention')).columns).not.toEqual(before.columns);
    await expect.poll(() => page.url()).toContain('toys=2');
    expect(problems).toEqual([]);
    await close();
  });

  test('another backend begins anew, and a training on words waits for none of it', async () => {
    const { page, problems, close } = await visit(browser, { hash: '#1?view=train&tf=toy&tu=32&tb=4&tn=20' });
    await ready(page);
    await button(page, 'Play').click();
    await expect.poll(() => step(page)).toBeGreaterThan(3);
    await page.getByLabel('cpu', { exact: true }).check();
    await expect.poll(() => step(page)).toBe(0);
    await button(page, 'Play').click();
    await expect.poll(() => step(page), { timeout: 90_000 }).toBeGreaterThan(0);
    await page.getByLabel('wasm', { exact: true }).check();
    await button(page, 'English words and their sounds').click();
    await button(page, 'Start training').click();
    await button(page, 'Train again').waitFor({ timeout: 90_000 });
    await button(page, 'A toy, in seconds').click();
    await expect.poll(() => step(page)).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  test.each(LOOKS)(
    'at %i pixels, %s: nothing that axe finds, nothing that sticks out, in either language',
    async (width, colorScheme) => {
      const context = { viewport: { width, height: 800 }, colorScheme };
      const { page, problems, close } = await visit(browser, { hash: '#1?view=train&toy=reverse', context });
      await ready(page);
      await button(page, 'One step').click();
      await expect.poll(() => step(page)).toBe(1);
      await drawn(page);
      await picture(page, `toy-${width}-${colorScheme}`);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await page.locator('header select:has(option[value=zh])').selectOption('zh');
      await page.locator('html[lang^=zh]').waitFor();
      await drawn(page);
      expect(await violations(page)).toEqual([]);
      expect(await untranslated(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await keysOf(page.locator('#view-train figure')).focus();
      expect(problems).toEqual([]);
      await close();
    },
  );
});
