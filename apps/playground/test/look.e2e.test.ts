import type { Browser, FileChooser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawn, executablePath, launch, ready, visit } from './browser.js';

describe.runIf(executablePath !== undefined)('one look', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  /** What makes an element look as one of the page's. */
  const lookOf = (page: Page, selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => {
        const { borderStyle, borderColor, borderRadius, backgroundColor, color } = getComputedStyle(element);
        return { borderStyle, borderColor, borderRadius, backgroundColor, color };
      });

  test.each(['light', 'dark'] as const)(
    'text areas, and what is clicked but is no button, are as buttons are (%s)',
    async (colorScheme) => {
      const { page, close } = await visit(browser, { hash: '#1?view=model', context: { colorScheme } });
      await ready(page);
      await page.locator('figure summary').first().waitFor();
      const button = await lookOf(page, 'figcaption .tools button[aria-pressed=false]');
      expect(button.borderStyle).toBe('solid');
      expect(await lookOf(page, 'figure summary'), 'Save').toEqual(button);
      expect(await lookOf(page, 'section[aria-label="Your own model"] label'), 'choose files').toEqual(button);
      await page.getByRole('tab', { name: 'Tasks' }).click();
      expect(await lookOf(page, 'main textarea'), 'the input of a task').toEqual(button);
      await close();
    },
  );

  test('files are chosen with the keyboard too', async () => {
    const { page, close } = await visit(browser, { hash: '#1?view=model' });
    // The test listens first: a key can overtake the order to report choosers, and then one opens unseen.
    const choosers: FileChooser[] = [];
    page.on('filechooser', (chooser) => choosers.push(chooser));
    await ready(page);
    await page.locator('input[type=file]').focus();
    const outline = page.locator('input[type=file] + label').evaluate((label) => getComputedStyle(label).outlineStyle);
    expect(await outline).toBe('solid');
    await page.keyboard.press('Space');
    await expect.poll(() => choosers.map((chooser) => chooser.isMultiple())).toEqual([true]);
    await close();
  });

  test.each(['#1?view=model', '#1?view=tasks&task=spam', '#1?is=decoder&i=2&ph=3'])(
    'the title of a map is told once: %s',
    async (hash) => {
      const { page, close } = await visit(browser, { hash });
      await ready(page);
      await page.locator('figure').first().waitFor();
      await drawn(page);
      const titles = await page
        .locator('figure:visible')
        .evaluateAll((figures) =>
          figures.map(
            (figure) => figure.querySelector('attention-heatmap')!.shadowRoot!.querySelectorAll('.heed-title').length,
          ),
        );
      expect(titles.length).toBeGreaterThan(0);
      expect(titles).toEqual(titles.map(() => 0));
      const headings = await page.locator('figure:visible figcaption strong').allTextContents();
      expect(headings.every((heading) => heading.trim() !== '')).toBe(true);
      await close();
    },
  );
});
