import { fileURLToPath } from 'node:url';
import { models } from '@heed/models';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OF_COLOUR, OF_LOOK, OF_WIDTH, violations } from '@heed/chromium/axe';
import { drawn, executablePath, launch, ready, visit } from './browser.js';
import { OWN_FILES } from './own-runs.js';
import { picture } from './pictures.js';

const VIEWS: Readonly<Record<string, { readonly hash: string; readonly settle: (page: Page) => Promise<unknown> }>> = {
  read: {
    hash: '',
    settle: async (page) => {
      await page.getByRole('button', { name: 'Let it read here' }).click();
      await page.getByText('Switch heads off', { exact: true }).waitFor();
    },
  },
  formula: {
    hash: '#1?m=additive&vs=dot',
    settle: (page) => page.locator('figure').nth(7).waitFor(),
  },
  decoder: {
    hash: '#1?is=decoder&i=3&ph=3',
    settle: (page) => page.locator('figure').nth(3).waitFor(),
  },
  transformer: {
    hash: '#1?is=transformer&bi=2',
    settle: (page) => page.locator('figure').nth(1).waitFor(),
  },
  model: {
    hash: '#1?view=model&by=beam',
    settle: (page) => page.locator('section').nth(2).getByRole('heading').waitFor(),
  },
  'model of a task': {
    hash: '#1?view=model',
    settle: async (page) => {
      const { model, info, card } = models['spam'];
      await page.locator('main input[type=file]').setInputFiles([model, info, card].map((url) => fileURLToPath(url)));
      await page.locator('#view-model section[aria-busy=false] figure').first().waitFor();
    },
  },
  tasks: {
    hash: '#1?view=tasks&task=dates',
    settle: (page) => page.locator('section').nth(1).getByRole('heading').first().waitFor(),
  },
  picture: {
    hash: '#1?view=picture&sam=tulip',
    settle: (page) => page.locator('#view-picture attention-overlay').first().waitFor(),
  },
  train: {
    hash: '#1?view=train&tn=12&tu=32&tb=4',
    settle: async (page) => {
      await page.locator('main button.primary').click();
      await page.locator('main button.primary').waitFor({ state: 'detached' });
      await page.locator('main button.primary').waitFor({ timeout: 90_000 });
    },
  },
  'train on a file': {
    hash: '#1?view=train',
    settle: async (page) => {
      const { name, text } = OWN_FILES['pairs'];
      await page
        .locator('#view-train input[type=file]')
        .setInputFiles({ name, mimeType: '', buffer: Buffer.from(text) });
      await page.locator('#view-train input[type=number]').first().fill('3');
      await page.locator('main button.primary:enabled').click();
      await page.locator('main button.primary').waitFor({ state: 'detached' });
      await page.locator('main button.primary').waitFor({ timeout: 90_000 });
    },
  },
  backends: {
    hash: '#1?view=backends&cl=24',
    settle: async (page) => {
      await page.locator('main button.primary').first().click();
      await page.locator('#compare-differences').waitFor({ timeout: 90_000 });
    },
  },
};

/** Rules of axe about the languages that a page says it is in. */
const OF_LANGUAGE = ['html-has-lang', 'html-lang-valid', 'html-xml-lang-mismatch', 'valid-lang'];

/**
 * How a page is looked at. Of each look there are the rules that may find something else in it than in those before: colours are looked at in
 * light and in dark, widths when it is wide and when it is narrow, and what is no matter of its look once. In Chinese it is the same page
 * with other texts, which are longer or shorter.
 */
const LOOKS = [
  { look: 'wide, light', width: 1200, colorScheme: 'light', language: 'en', rules: undefined },
  { look: 'wide, dark', width: 1200, colorScheme: 'dark', language: 'en', rules: OF_COLOUR },
  { look: 'narrow, light', width: 360, colorScheme: 'light', language: 'en', rules: OF_WIDTH },
  {
    look: 'narrow, dark, in Chinese',
    width: 360,
    colorScheme: 'dark',
    language: 'zh',
    rules: [...OF_LOOK, ...OF_LANGUAGE],
  },
] as const;

/** Least height of what a finger is to hit on a narrow screen, in pixels. */
const FINGER = 44;

/** What can be pressed, is no link in a sentence, and is lower than that. A box to tick is as high as its label. */
const tooLow = (page: Page): Promise<string[]> =>
  page.evaluate((least) => {
    const pressed = [
      ...document.querySelectorAll<HTMLElement>('button, select, summary, textarea, input:not([type=file])'),
    ];
    return pressed.flatMap((element) => {
      const whole = element.matches('[type=radio], [type=checkbox]') ? element.closest('label')! : element;
      const { height } = whole.getBoundingClientRect();
      if (!element.checkVisibility() || height === 0 || height > least - 0.5) return [];
      return [`${element.tagName} ${element.getAttribute('aria-label') ?? whole.textContent!.trim()}: ${height}`];
    });
  }, FINGER);

const CLOSED = 'as it comes';

/** Waits until nothing sticks out, or too long: maps learn of a new width after the page is laid out in it. */
const fitted = (page: Page): Promise<unknown> =>
  page
    .waitForFunction(() => document.documentElement.scrollWidth === innerWidth, null, { timeout: 5_000 })
    .catch((error: unknown) => error);

describe.runIf(executablePath !== undefined)('every view, in every look', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test.each(Object.entries(VIEWS))('%s: nothing that axe finds, nothing that sticks out', async (view, visited) => {
    const { page, problems, close } = await visit(browser, { hash: visited.hash });
    await ready(page);
    await visited.settle(page);
    /** What is wrong, by look. */
    const found: Record<string, unknown> = {};
    const look = async (state: string): Promise<void> => {
      for (const { look: name, width, colorScheme, language, rules } of LOOKS) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        await page.locator('header select:has(option[value=zh])').selectOption(language);
        await page.locator(`html[lang^=${language}]`).waitFor();
        await drawn(page);
        await fitted(page);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        const wrong = await violations(page, rules);
        const low = width < 400 ? await tooLow(page) : [];
        if (state === CLOSED) await picture(page, `${view} ${name}`.replaceAll(/[ ,]+/g, '-'));
        if (wide !== width || wrong.length + low.length > 0) found[`${state}, ${name}`] = { wide, wrong, low };
      }
    };
    await look(CLOSED);
    await page
      .locator('details.box:visible')
      .evaluateAll((all) => all.forEach((one) => ((one as HTMLDetailsElement).open = true)));
    await page
      .locator('figure:visible figcaption [aria-pressed=false]')
      .evaluateAll((all) => all.forEach((one) => (one as HTMLButtonElement).click()));
    await look('with all open and maps as tables');
    expect(found).toEqual({});
    expect(problems).toEqual([]);
    await close();
  });

  test('everything can be reached and used with the keyboard', async () => {
    const { page, problems, close } = await visit(browser);
    await ready(page);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the view');
    await page.getByRole('tab', { name: 'Formula' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('heading', { name: 'A trained model at work' }).waitFor();
    for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowLeft');
    await page.getByRole('heading', { name: 'Can you trust the numbers?' }).waitFor();
    const seen = new Set<string>();
    for (let n = 0; n < 60; n++) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(() => {
        const { activeElement: at } = document;
        return at === null
          ? ''
          : `${at.tagName} ${at.textContent?.trim().slice(0, 20)} ${at.getAttribute('name') ?? ''}`;
      });
      if (name.startsWith('BODY')) break;
      seen.add(name);
    }
    for (const part of ['Compare', 'Run on wasm', 'Look again', 'Licences']) {
      expect(
        [...seen].some((name) => name.includes(part)),
        part,
      ).toBe(true);
    }
    expect(problems).toEqual([]);
    await close();
  });
});
