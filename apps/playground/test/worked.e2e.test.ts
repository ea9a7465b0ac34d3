import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '@heed/chromium/axe';
import { LOOKS, drawn, executablePath, keysOf, launch, ready, tableOf, visit } from './browser.js';
import { picture } from './pictures.js';
import { untranslated } from './untranslated.js';

const worked = (page: Page, title: string) => page.getByRole('region', { name: `The numbers behind ${title}` });

describe.runIf(executablePath !== undefined)('the numbers behind a cell', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test('a link leads to them: the terms of the score, and the softmax of the row, as the maps have them', async () => {
    const { page, problems, close } = await visit(browser, { hash: '#1?cell=1.2' });
    await ready(page);
    const region = worked(page, '“cat” and “sat”');
    await region.waitFor();
    const scores = (await tableOf(page, 'Scores e')).values[1]!;
    const weights = (await tableOf(page, 'Weights α')).values[1]!;
    const [terms, softmax] = await region
      .locator('table')
      .evaluateAll((tables) =>
        tables.map((table) =>
          [...(table as HTMLTableElement).tBodies[0]!.rows].map((row) =>
            [...row.cells].slice(1).map(({ innerText }) => Number(innerText)),
          ),
        ),
      );
    expect(terms).toHaveLength(9);
    const sum = terms!.slice(0, -1).reduce((total, [, , term]) => total + term!, 0);
    expect(sum / Math.sqrt(8)).toBeCloseTo(scores[2]!, 2);
    expect(await region.innerText()).toContain(`= ${String(Number(scores[2]!.toFixed(3)))}\n`);
    softmax!.slice(0, -1).forEach(([score, exp, weight], j) => {
      expect(score).toBeCloseTo(scores[j]!, 2);
      expect(weight).toBeCloseTo(weights[j]!, 2);
      expect(exp! / softmax!.at(-1)![1]!).toBeCloseTo(weight!, 2);
    });
    expect(problems).toEqual([]);
    await close();
  });

  test('Enter on a cell leads there, and Close away', async () => {
    const { page, problems, close } = await visit(browser);
    await ready(page);
    const map = page.locator('figure', { has: page.locator('strong:text-is("Weights α")') });
    await map.waitFor();
    await drawn(page);
    await keysOf(map).focus();
    await page.getByText(/of the wasm backend/).waitFor();
    await page.keyboard.press('ArrowDown'); // to the first cell
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await worked(page, '“cat” and “the”').waitFor();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toBe('The numbers behind “cat” and “the”');
    await expect.poll(() => page.url()).toContain('cell=1.0');
    // It follows what is typed, and leaves with the word that it was about.
    await page.getByLabel('Query sequence').fill('the dog');
    await worked(page, '“dog” and “the”').waitFor();
    await page.getByLabel('Query sequence').fill('x'); // a letter, in one row
    await expect.poll(() => page.getByRole('region', { name: /^The numbers behind/ }).count()).toBe(0);
    await page.getByLabel('Query sequence').fill('the cat');
    await worked(page, '“cat” and “the”').getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => page.getByRole('region', { name: /^The numbers behind/ }).count()).toBe(0);
    await expect.poll(() => page.url()).not.toContain('cell=');
    expect(problems).toEqual([]);
    await close();
  });

  test.each([
    ['#1?cell=0.1&m=additive', 'tanh(W₂ s + W₁ h + b)'],
    ['#1?cell=0.1&m=coverage', 'what the steps before looked at'],
    ['#1?cell=0.1&c=1&t=0.5&cap=2', 'masked'],
    ['#1?cell=0.0&len=0', 'Everything in this row is masked'],
  ])('%s says what is so: %s', async (hash, said) => {
    const { page, problems, close } = await visit(browser, { hash });
    await ready(page);
    await expect.poll(() => page.getByRole('region', { name: /^The numbers behind/ }).innerText()).toContain(said);
    expect(problems).toEqual([]);
    await close();
  });

  test.each(LOOKS)(
    'at %i pixels, %s: nothing that axe finds, nothing that sticks out, in either language',
    async (width, colorScheme) => {
      const context = { viewport: { width, height: 800 }, colorScheme };
      const { page, problems, close } = await visit(browser, { hash: '#1?cell=1.2&c=1&t=0.5', context });
      await ready(page);
      await page.locator('.worked').waitFor();
      await drawn(page);
      await picture(page, `worked-${width}-${colorScheme}`);
      expect(await violations(page)).toEqual([]);
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await page.locator('header select:has(option[value=zh])').selectOption('zh');
      await page.locator('html[lang^=zh]').waitFor();
      await drawn(page);
      expect(await violations(page)).toEqual([]);
      expect(await untranslated(page)).toEqual([]);
      expect(problems).toEqual([]);
      await close();
    },
  );
});
