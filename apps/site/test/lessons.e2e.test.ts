import { OF_LOOK, violations } from '@heed/chromium/axe';
import type { Site } from '@heed/chromium/serve';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executablePath, launch, SCRIPT_BYTES, serve, visit } from './site.js';

/** Numbers of a row of a step's table, as they are shown. */
const shown = (page: Page, heading: RegExp): Promise<string[]> =>
  page.locator('.live-step table').filter({ hasText: heading }).locator('tbody td:not(:first-child)').allInnerTexts();

describe.runIf(executablePath !== undefined)('lessons', () => {
  let browser: Browser;
  let site: Site;
  beforeAll(async () => {
    [browser, site] = await Promise.all([launch(), serve()]);
  });
  afterAll(() => Promise.all([browser?.close(), site?.close()]));

  test('numbers can be changed, and Heed computes what follows; what is no number is said, and all can be as it was', async () => {
    const { page, problems, close } = await visit(browser, `${site.url}guides/attention/softmax/`);
    expect(await shown(page, /^α/)).toEqual(['0.135', '0.686', '0.179']);
    await page.getByRole('button', { name: 'Change the numbers' }).click();
    const temperature = page.getByRole('spinbutton', { name: /τ/ });
    await temperature.fill('0.5');
    await expect.poll(() => shown(page, /^α/)).toEqual(['0.035', '0.903', '0.062']);
    // For those who hear the page.
    expect(await page.locator('.live-step .controls').getByRole('status').innerText()).toBe('α = 0.035, 0.903, 0.062');
    await temperature.fill('');
    await page.getByText('Each field needs a number.').waitFor();
    await temperature.fill('0');
    await page.getByText('These numbers have no result.').waitFor();
    await page.getByRole('button', { name: 'As it was' }).click();
    await expect.poll(() => shown(page, /^α/)).toEqual(['0.135', '0.686', '0.179']);
    expect(problems).toEqual([]);
    await close();
  });

  test('a map follows the numbers, in the words of the page', async () => {
    const { page, problems, close } = await visit(browser, `${site.url}zh/guides/attention/softmax/`);
    await page.getByRole('button', { name: '改一改数字' }).click();
    await page.getByRole('spinbutton', { name: /e：得分, ich/ }).fill('9');
    await page.locator('.live-step attention-heatmap [role=application]').focus();
    await page.keyboard.press('ArrowLeft');
    await page
      .getByText(/ich 到 .*，0\.99/)
      .first()
      .waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('answers are checked by keyboard alone, a number and a choice, and then explained', async () => {
    const { page, problems, close } = await visit(browser, `${site.url}guides/attention/weighted-mean/`);
    const number = page.locator('#equal-trust');
    await number.getByRole('textbox').focus();
    await page.keyboard.press('Enter');
    await number.getByText('Give an answer first.').waitFor();
    await page.keyboard.type('37');
    await page.keyboard.press('Enter');
    await number.getByText('Not yet.').waitFor();
    expect(await number.getByText('each share is a third').isVisible()).toBe(false);
    await number.getByRole('textbox').fill('36,67');
    await page.keyboard.press('Enter');
    await number.getByText('Right.').waitFor();
    await number.getByText('each share is a third').waitFor();

    const choice = page.locator('#doubled-trust');
    await choice.getByRole('radio', { name: 'it doubles' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await choice.getByText('Right.').waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('a lesson is read, and its answers are opened, without JavaScript', async () => {
    const { page, close } = await visit(browser, `${site.url}guides/attention/weighted-mean/`, {
      javaScriptEnabled: false,
    });
    expect(await shown(page, /^c/)).toEqual(['27.00', '2.35']);
    expect(await page.locator('.live-step, .exercise').getByRole('button').count()).toBe(0);
    const exercise = page.locator('#doubled-trust');
    await exercise.getByText('b) it stays as it is').waitFor();
    await exercise.getByText('Answer', { exact: true }).click();
    await exercise.getByText('Only the ratios of weights count.').waitFor();
    await page.locator('main').getByRole('link', { name: 'Scores →' }).click();
    await page.getByRole('heading', { name: 'Scores', level: 1 }).waitFor();
    await close();
  });

  test.each(['guides/attention/heads/', 'zh/guides/attention/pictures/', 'guides/attention/for-teachers/'])(
    '%s: little JavaScript, nothing that axe finds or that sticks out, as it comes and with its numbers changed',
    async (path) => {
      const { page, problems, script, close } = await visit(browser, `${site.url}${path}`);
      const bytes = await script();
      expect(bytes).toBeGreaterThan(0);
      expect(bytes).toBeLessThanOrEqual(SCRIPT_BYTES);
      expect(await violations(page)).toEqual([]);
      for (const button of await page.locator('.live-step').getByRole('button').all()) await button.click();
      await page.waitForLoadState('networkidle');
      await page.setViewportSize({ width: 360, height: 800 });
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.locator('html.dark').waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      expect(await violations(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'light' });
      await page.locator('html:not(.dark)').waitFor();
      expect(await violations(page, OF_LOOK)).toEqual([]);
      expect(problems).toEqual([]);
      await close();
    },
  );

  test.each(['guides/attention/for-teachers/', 'zh/guides/attention/for-teachers/'])(
    '%s is printed as a page of questions and one of answers',
    async (path) => {
      const { page, close } = await visit(browser, `${site.url}${path}`);
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('.sheet-questions').innerText()).not.toContain('36.7');
      expect(await page.locator('.sheet-answers').innerText()).toContain('36.7');
      expect(await page.getByRole('heading').filter({ visible: true }).count()).toBe(0);
      const pdf = await page.pdf({
        format: 'A4',
        margin: { top: '1.2cm', bottom: '1.2cm', left: '1.5cm', right: '1.5cm' },
      });
      expect([...pdf.toString('latin1').matchAll(/\/Type\s*\/Page\b/g)].length).toBe(2);
      await close();
    },
  );
});
