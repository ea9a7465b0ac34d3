import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '@heed/chromium/axe';
import { drawn, executablePath, launch, ready, visit } from './browser.js';
import { picture } from './pictures.js';
import { untranslated } from './untranslated.js';

const tour = (page: Page) => page.getByRole('region', { name: 'Tour' });
const offer = (page: Page) => page.getByRole('button', { name: 'No, thanks' });

describe.runIf(executablePath !== undefined)('the tour', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test('leads from a map of a trained model to the formula behind a cell, by the keyboard alone', async () => {
    const { page, problems, close } = await visit(browser, { hash: '' });
    await ready(page);
    await page.getByRole('button', { name: 'Take the tour' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => tour(page).innerText()).toContain('1 of 5');
    for (const [step, about] of [
      [2, page.locator('#view-read figure')],
      [3, page.locator('#view-formula figure', { hasText: 'Weights α' })],
      [4, page.getByRole('region', { name: 'The numbers behind “cat” and “sat”' })],
      [5, page.getByRole('group', { name: 'Formulas' })],
    ] as const) {
      await page.keyboard.press('Enter');
      await expect.poll(() => tour(page).innerText()).toContain(`${step} of 5`);
      await about.waitFor();
      expect(
        await page
          .getByRole('button', { name: step < 5 ? 'Next' : 'Done', exact: true })
          .evaluate((at) => at === document.activeElement),
      ).toBe(true);
    }
    await expect
      .poll(() =>
        page.locator('#view-formula .formula').evaluate((at) => {
          const { top, bottom } = at.getBoundingClientRect();
          return top >= 0 && bottom <= innerHeight;
        }),
      )
      .toBe(true);
    await page.keyboard.press('Enter');
    await expect.poll(() => tour(page).count()).toBe(0);
    // It is offered once; then it waits in the introduction.
    await page.goto(page.url().replace(/#.*/, ''));
    await ready(page);
    expect(await offer(page).count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  test('can be declined and left, and isn’t offered to who comes by a link', async () => {
    const first = await visit(browser, { hash: '' });
    await ready(first.page);
    await offer(first.page).click();
    await expect.poll(() => offer(first.page).count()).toBe(0);
    await first.page.reload();
    await ready(first.page);
    expect(await offer(first.page).count()).toBe(0);
    await first.page.getByRole('tab', { name: 'Formula' }).click();
    await first.page.getByText('New to attention?').click();
    await first.page.getByRole('button', { name: 'Take the tour' }).click();
    await tour(first.page).waitFor();
    await first.page.keyboard.press('Escape');
    await expect.poll(() => tour(first.page).count()).toBe(0);
    expect(first.problems).toEqual([]);
    await first.close();
    const linked = await visit(browser, { hash: '#1?m=dot' });
    await ready(linked.page);
    expect(await offer(linked.page).count()).toBe(0);
    await linked.close();
  });

  test.each([
    [1200, 'light'],
    [360, 'dark'],
  ] as const)(
    'at %i pixels, %s: nothing that axe finds, nothing that sticks out, in either language',
    async (width, colorScheme) => {
      const { page, problems, close } = await visit(browser, {
        hash: '',
        context: { viewport: { width, height: 800 }, colorScheme },
      });
      await ready(page);
      await offer(page).waitFor();
      await drawn(page);
      await picture(page, `tour-offer-${width}`);
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Take the tour' }).click();
      for (let step = 1; step < 4; step++) await page.getByRole('button', { name: 'Next', exact: true }).click();
      await page.locator('#view-formula .worked').waitFor();
      await drawn(page);
      await picture(page, `tour-${width}`);
      expect(await violations(page)).toEqual([]);
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await page.locator('header select:has(option[value=zh])').selectOption('zh');
      await page.locator('html[lang^=zh]').waitFor();
      await drawn(page);
      expect(await untranslated(page)).toEqual([]);
      expect(problems).toEqual([]);
      await close();
    },
  );
});
