import { readFile } from 'node:fs/promises';
import { decode } from 'fast-png';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawn, executablePath, keysOf, launch, ready, visit } from './browser.js';
import { VIEWS } from '../src/state/fields.js';

const WEIGHTS = 'Weights α';
const figureOf = (page: Page, name: string): Locator =>
  page.locator('figure:visible', { has: page.locator(`strong:text-is("${name}")`) });

const sentence = (words: number): string => Array.from({ length: words }, (_, n) => `w${n}`).join(' ');

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const boxesOf = async (locator: Locator): Promise<Box[]> => {
  await locator.first().waitFor();
  return Promise.all((await locator.all()).map(async (one) => (await one.boundingBox())!));
};

/** How much of a map its frame shows, and on which sides it says that there is more. */
const frameOf = (figure: Locator) =>
  figure.locator('attention-heatmap').evaluate((element) => {
    const { clientWidth, scrollWidth } = element.shadowRoot!.querySelector('.frame')!;
    const signs = [...element.shadowRoot!.querySelectorAll<HTMLElement>('.more')];
    return {
      clientWidth,
      scrollWidth,
      more: signs.filter((sign) => sign.checkVisibility()).map((sign) => sign.classList[1]),
    };
  });

describe.runIf(executablePath !== undefined)('maps on the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  const open = async (width: number, hash: string) => {
    const visited = await visit(browser, { hash, context: { viewport: { width, height: 900 } } });
    await ready(visited.page);
    return visited;
  };

  test('four heads stand abreast as they fit, whole', async () => {
    const { page, problems, close } = await open(1280, '#1?view=tasks&task=names&tt=kat-kat-kat-kat-kat-kat-kat-');
    const heads = page.locator('figure:visible');
    await expect.poll(() => heads.count()).toBe(4);
    for (const [width, abreast] of [
      [360, 1],
      [768, 1],
      [1280, 2],
      [1920, 2],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await drawn(page);
      const standing = async () => {
        const boxes = await boxesOf(heads);
        const last = boxes.at(-1)!;
        return {
          abreast: boxes.filter(({ y }) => Math.abs(y - boxes[0].y) < 2).length,
          isLow: last.y + last.height - boxes[0].y < (4 / abreast) * 620,
          isWhole: (await Promise.all((await heads.all()).map(frameOf))).every(({ more }) => more.length === 0),
          width: await page.evaluate(() => document.documentElement.scrollWidth),
        };
      };
      await expect
        .poll(standing, { message: `${width} pixels` })
        .toEqual({ abreast, isLow: true, isWhole: width > 360 || expect.any(Boolean), width });
    }
    // Places that came after a character was written are masked: of each, those of the characters after it; one more is the legend's.
    const written = (await page.locator('p[aria-label=Output]').textContent())!.length;
    expect(written).toBeGreaterThan(4);
    expect(await heads.first().locator('svg .heed-masked').count()).toBe((written * (written - 1)) / 2 + 1);
    expect(problems).toEqual([]);
    await close();
  });

  test('a map of 48 columns has the whole width, and shrinks into less', async () => {
    const hash = `#1?${new URLSearchParams({ q: 'a cat', k: sentence(48) })}`;
    const { page, problems, close } = await open(1280, hash);
    const weights = figureOf(page, WEIGHTS);
    await weights.waitFor();
    await drawn(page);
    const wide = await frameOf(weights);
    expect(wide).toMatchObject({ scrollWidth: wide.clientWidth, more: [] });
    await page.setViewportSize({ width: 768, height: 900 });
    await expect.poll(async () => (await frameOf(weights)).clientWidth).toBeLessThan(wide.clientWidth);
    const less = await frameOf(weights);
    expect(less).toMatchObject({ scrollWidth: less.clientWidth, more: [] });
    expect(problems).toEqual([]);
    await close();
  });

  test('where a map can’t shrink further it says on which side there is more, and keys reach it', async () => {
    const hash = `#1?${new URLSearchParams({ q: 'a cat', k: sentence(48) })}`;
    const { page, problems, close } = await open(360, hash);
    const weights = figureOf(page, WEIGHTS);
    await weights.waitFor();
    await drawn(page);
    await expect.poll(async () => (await frameOf(weights)).more).toEqual(['right']);
    await keysOf(weights).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('End');
    await expect.poll(async () => (await frameOf(weights)).more).toEqual(['left']);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(problems).toEqual([]);
    await close();
  });

  test('small maps stand side by side, no wider than they are', async () => {
    const { page, problems, close } = await open(1280, '#1');
    const figures = [WEIGHTS, 'Scores e'].map((name) => figureOf(page, name));
    await figures[0].waitFor();
    await drawn(page);
    const [weights, scores] = (await Promise.all(figures.map((figure) => figure.boundingBox()))) as [Box, Box];
    expect(Math.abs(weights.y - scores.y)).toBeLessThan(2);
    const svg = (await figures[0].locator('attention-heatmap svg').boundingBox())!;
    // A frame around a small map ends with its heading's buttons, or with the map.
    expect(weights.width).toBeLessThan(Math.max(svg.width + 40, 300));
    expect(problems).toEqual([]);
    await close();
  });

  test.each(['en-US', 'zh-CN'])('all tabs are seen at 360 pixels, %s', async (locale) => {
    const { page, close } = await visit(browser, { context: { locale, viewport: { width: 360, height: 800 } } });
    const tabs = await boxesOf(page.getByRole('tab'));
    expect(tabs).toHaveLength(VIEWS.length);
    for (const { x, width } of tabs) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(360);
    }
    const lines = [...new Set(tabs.map(({ y }) => y))];
    expect(lines.map((line) => tabs.filter(({ y }) => y === line).length)).toEqual([5, VIEWS.length - 5]);
    await close();
  });

  test('masked cells are hatched and called masked, for eyes, pointers, keys and screen readers', async () => {
    const { page, problems, close } = await open(1280, '#1?c=1');
    const weights = figureOf(page, WEIGHTS);
    await weights.locator('svg .heed-masked').first().waitFor();
    await drawn(page);
    // Six cells above the diagonal, and the legend's square.
    expect(await weights.locator('svg .heed-masked').count()).toBe(6 + 1);
    expect(await weights.locator('svg .heed-legend text').allTextContents()).toEqual(['0', '1', 'masked']);
    expect(await weights.locator('svg rect title').allTextContents()).toContain('the ← cat: masked');
    // Numbers are printed in cells that take part, and in no other.
    expect(await weights.locator('svg .heed-numbers text').count()).toBe(10);
    await keysOf(weights).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const said = weights.locator('attention-heatmap [role=status]');
    await expect.poll(() => said.textContent()).toBe('memory cat to query the, masked: it takes no part');
    await weights.getByRole('button', { name: `Table: ${WEIGHTS}` }).click();
    expect(await weights.locator('td.masked').allTextContents()).toEqual(Array.from({ length: 6 }, () => 'masked'));
    expect((await exported(page, weights, 'CSV')).toString()).toMatch(/^the,1,,,\r\n/m);
    expect(problems).toEqual([]);
    await close();
  });

  test('what is compared has one scale: vectors around 0, heads, weights from 0 to 1', async () => {
    const { page, problems, close } = await open(1280, '#1?m=multiHead&h=2');
    await figureOf(page, WEIGHTS).waitFor();
    await drawn(page);
    const legend = (name: string): Promise<string[]> =>
      figureOf(page, name).locator('svg .heed-legend text').allTextContents();
    const [low, high, ...rest] = await legend('Query vectors s').then(([from, zero, to]) => [from, to, zero]);
    expect(rest).toEqual(['0']);
    expect(Number(low)).toBe(-Number(high));
    expect(await legend('Memory vectors h')).toEqual(await legend('Query vectors s'));
    expect(await legend('Context c')).toEqual(await legend('Query vectors s'));
    expect(await legend(WEIGHTS)).toEqual(['0', '1']);
    const scores = await legend('Scores e');
    await page.getByRole('button', { name: 'Head 2' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Head 2' }).getAttribute('aria-pressed')).toBe('true');
    expect(await legend('Scores e')).toEqual(scores);
    expect(problems).toEqual([]);
    await close();
  });

  // Pairs of characters that are as wide as one another: a box for each would be the same picture.
  test.each([
    ['Chinese', '猫', '狗'],
    ['Hebrew', 'א', 'ש'],
    ['Arabic', 'ب', 'ش'],
    ['emoji', '😀', '🐱'],
  ])('a PNG has %s as the browser draws it', async (_, one, other) => {
    const pictures: Buffer[] = [];
    const { page, url, problems, close } = await open(1280, `#1?${new URLSearchParams({ q: `${one} x`, k: 'a b' })}`);
    const weights = figureOf(page, WEIGHTS);
    for (const character of [one, other]) {
      await page.goto(`${url}#1?${new URLSearchParams({ q: `${character} x`, k: 'a b' })}`);
      await weights.locator('svg text', { hasText: character }).waitFor();
      pictures.push(await exported(page, weights, 'PNG'));
    }
    // The left part holds the labels and no cell, whose weights differ.
    const labels = pictures.map((picture) => {
      const { width, data, channels } = decode(picture);
      return Array.from(data).filter((_, n) => Math.floor(n / channels) % width < 2 * 36);
    }) as [number[], number[]];
    const drawnAlike = await page.evaluate(
      (characters) => {
        const [first, second] = characters.map((character) => {
          const canvas = document.createElement('canvas');
          canvas.width = canvas.height = 40;
          const context = canvas.getContext('2d')!;
          context.font = '26px monospace';
          context.fillText(character, 2, 30);
          return canvas.toDataURL();
        });
        return first === second;
      },
      [one, other],
    );
    const alike = labels[0].length === labels[1].length && labels[0].every((value, n) => value === labels[1][n]);
    expect(alike).toBe(drawnAlike);
    expect(labels[0].some((value) => value < 128)).toBe(true);
    expect(problems).toEqual([]);
    await close();
  });
});

/** What the reader gets of a map. */
async function exported(page: Page, figure: Locator, format: string): Promise<Buffer> {
  await figure.getByText('Save', { exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    figure.getByRole('button', { name: format, exact: true }).click(),
  ]);
  return readFile(await download.path());
}
