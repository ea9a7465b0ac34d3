import { joinCaption } from '@heed/datasets';
import { describeLook } from '@heed/heatmap';
import type { Picture } from '@heed/pictures';
import { encode } from 'fast-png';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SAMPLE_NAMES } from './sample-names.js';
import { violations } from '@heed/chromium/axe';
import { executablePath, launch, ready, visit, type VisitOptions } from './browser.js';
import { picture as screenshot } from './pictures.js';
import { BLUE, RED, tinyCaptioner, type TinyCaptioner } from './tiny-captioner.js';
import { untranslated } from './untranslated.js';

// The engine that the test computes on, so that numbers are the same to the last bit.
const EMPTY = '#1?view=picture&on=cpu&sam=';

interface TestFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}
const png = (picture: Picture, name = 'picture.png'): TestFile => ({
  name,
  mimeType: 'image/png',
  buffer: Buffer.from(encode(picture)),
});

/** Drops a file on the view. */
const drop = (page: Page, { name, mimeType, buffer }: TestFile): Promise<void> =>
  page.evaluate(
    ([name, type, content]) => {
      const dataTransfer = new DataTransfer();
      const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], name, { type }));
      globalThis.dispatchEvent(new DragEvent('drop', { cancelable: true, dataTransfer }));
    },
    [name, mimeType, buffer.toString('base64')] as const,
  );

const input = (page: Page): Locator => page.locator('#view-picture input[type=file]');
const figures = (page: Page): Locator => page.locator('#view-picture figure');
const captions = (page: Page): Promise<string[]> =>
  page
    .locator('#view-picture figure[aria-busy=false] .said')
    .allTextContents()
    .then((texts) => texts.map((text) => text.trim()));
const alert = (page: Page): Locator => page.locator('#view-picture').getByRole('alert');

describe.runIf(executablePath !== undefined)('pictures to words', () => {
  let browser: Browser;
  let tiny: TinyCaptioner;
  /** What the library writes of a picture, and where it looked. */
  const written = new Map<Picture, { readonly text: string; readonly looks: readonly string[] }[]>();
  const texts = (picture: Picture): string[] => written.get(picture)!.map(({ text }) => text);

  beforeAll(async () => {
    browser = await launch();
    tiny = await tinyCaptioner();
    for (const picture of [RED, BLUE]) {
      const found = await tiny.model.greedy(tiny.model.config.languages.map((language) => ({ picture, language })));
      written.set(
        picture,
        found.map(({ output, weights, sentinel }, n) => {
          const language = tiny.model.config.languages[n];
          const look = (symbol: string, at: number): string =>
            describeLook(
              { word: joinCaption([symbol], language).trim(), weights: weights![at], sentinel: sentinel![at] },
              [4, 4],
            );
          return { text: joinCaption(output, language), looks: output.map(look) };
        }),
      );
    }
  });
  afterAll(async () => {
    tiny?.model.dispose();
    await browser?.close();
  });

  /** The view with the captioner loaded. */
  async function withCaptioner(options: VisitOptions = {}) {
    const visited = await visit(browser, { hash: EMPTY, ...options });
    await ready(visited.page);
    await input(visited.page).setInputFiles({ name: 'model.safetensors', mimeType: '', buffer: tiny.file });
    await visited.page.getByText(/Your captioner is in use|正在使用你的描述模型/).waitFor();
    return visited;
  }

  test('a PNG that is dropped: its words in four languages, each with its look, as the library says them', async () => {
    // What is tested is worth testing: the captions are learnt, of several words, and differ.
    expect(texts(RED)).toEqual(['red square', 'rotes Quadrat', 'carré rouge', '红色方块']);
    const { page, problems, close } = await withCaptioner();
    await drop(page, png(RED));
    await expect.poll(() => captions(page)).toEqual(texts(RED));
    expect(await figures(page).locator('strong').allTextContents()).toEqual(['English', 'German', 'French', 'Chinese']);
    expect(
      await figures(page)
        .locator('.said')
        .evaluateAll((all) => all.map((one) => one.getAttribute('lang'))),
    ).toEqual(['en', 'de', 'fr', 'zh']);
    for (const [n, { looks }] of written.get(RED)!.entries()) {
      const overlay = figures(page).nth(n).locator('attention-overlay');
      const seen = overlay.getByRole('img');
      // The newest word is chosen; arrow keys go through all, and say where each looked.
      expect(await seen.getAttribute('aria-label')).toBe(looks.at(-1));
      await overlay.getByRole('radio', { checked: true }).focus();
      for (const look of looks) {
        await page.keyboard.press('ArrowRight');
        expect(await seen.getAttribute('aria-label')).toBe(look);
        expect(await overlay.getByRole('status').textContent()).toBe(look);
      }
    }
    // Pointing at a word shows its look, with the bar of what looked at no part.
    const [{ looks }] = written.get(RED)!;
    const english = figures(page).first();
    await english.getByRole('radio', { name: 'red' }).hover();
    await expect.poll(() => english.getByRole('img').getAttribute('aria-label')).toBe(looks[0]);
    expect(looks[0]).toContain((await english.locator('.sentinel .share').textContent())!.replace(' no part', ''));
    // The same as a table.
    await english.getByRole('button', { name: 'Table: English' }).click();
    const rows = english.locator('attention-overlay tr');
    expect(await rows.locator('th:first-child, td:first-child').allTextContents()).toEqual(['word', 'red', 'square']);
    // And as a file.
    await english.locator('summary').click();
    const download = page.waitForEvent('download');
    await english.getByRole('button', { name: 'JSON' }).click();
    expect((await download).suggestedFilename()).toBe('en red square.json');
    expect(problems).toEqual([]);
    await close();
  });

  test('a new picture stops the one before, and the languages can be chosen', async () => {
    const { page, problems, close } = await withCaptioner();
    await drop(page, png(RED));
    await drop(page, png(BLUE));
    await expect.poll(() => captions(page)).toEqual(texts(BLUE));
    await page.getByRole('button', { name: 'German', pressed: true }).click();
    await page.getByRole('button', { name: 'Chinese', pressed: true }).click();
    await expect.poll(() => captions(page)).toEqual(texts(BLUE).filter((_, n) => n === 0 || n === 2));
    await expect.poll(() => page.evaluate(() => location.hash)).toContain('cpl=en.fr');
    expect(problems).toEqual([]);
    await close();
  });

  test('words come one by one where motion is welcome', async () => {
    const { page, close } = await withCaptioner({ context: { reducedMotion: 'no-preference' } });
    const counts = page.evaluate(async () => {
      const seen = new Set<number>();
      for (;;) {
        const overlay = document.querySelector('#view-picture figure attention-overlay');
        seen.add(overlay?.shadowRoot?.querySelectorAll('[role=radio]').length ?? 0);
        if (document.querySelector('#view-picture figure[aria-busy=false]') !== null) return [...seen];
        await new Promise(requestAnimationFrame);
      }
    });
    await drop(page, png(RED));
    expect(await counts).toEqual([0, 1, 2]);
    await close();
  });

  test('a drawing: by mouse, undone and cleared, and keys pass it by', async () => {
    const { page, problems, close } = await withCaptioner();
    const canvas = page.getByRole('img', { name: /^Drawing/ });
    expect(await canvas.getAttribute('aria-label')).toBe('Drawing, empty: draw with a finger, a pen or the mouse');
    const line = async (from: number, to: number): Promise<void> => {
      await canvas.scrollIntoViewIfNeeded();
      const { x, y, width } = (await canvas.boundingBox())!;
      await page.mouse.move(x + from * width, y + from * width);
      await page.mouse.down();
      await page.mouse.move(x + to * width, y + to * width, { steps: 5 });
      await page.mouse.up();
    };
    await line(0.2, 0.4);
    await expect.poll(async () => (await captions(page)).length).toBe(4);
    expect(await canvas.getAttribute('aria-label')).toBe('Drawing of 1 line');
    // The picture has the colour of the line, where the line is.
    const colourAt = (share: number) =>
      figures(page)
        .first()
        .locator('attention-overlay canvas')
        .first()
        .evaluate((picture, share) => {
          const { width, height } = picture as HTMLCanvasElement;
          const context = new OffscreenCanvas(1, 1).getContext('2d')!;
          context.drawImage(picture as HTMLCanvasElement, -Math.floor(share * width), -Math.floor(share * height));
          return [...context.getImageData(0, 0, 1, 1).data];
        }, share);
    expect(await colourAt(0.3)).toEqual([221, 46, 68, 255]);
    expect(await colourAt(0.7)).toEqual([255, 255, 255, 255]);
    await page.getByRole('button', { name: 'blue' }).click();
    await line(0.7, 0.7);
    await expect.poll(() => colourAt(0.7)).toEqual([47, 127, 209, 255]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => colourAt(0.7)).toEqual([255, 255, 255, 255]);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('Choose a picture, drop one, or draw.').waitFor();
    expect(await figures(page).count()).toBe(0);
    // Tab goes from the samples through the pad's buttons to the file's button.
    await page.getByRole('button', { name: 'anchor' }).focus();
    const focused: string[] = [];
    for (let n = 0; n < 24 && focused.at(-1) !== 'file'; n++) {
      await page.keyboard.press('Tab');
      focused.push(
        await page.evaluate(
          () => (document.activeElement as HTMLInputElement).type || document.activeElement!.localName,
        ),
      );
    }
    expect(focused).not.toContain('canvas');
    expect(focused.slice(-2)).toEqual(['range', 'file']);
    expect(problems).toEqual([]);
    await close();
  });

  test('files that are no picture are refused in words, and the view stays usable', async () => {
    const whole = png(RED).buffer;
    const vast = Buffer.from(whole);
    // Width and height of the header, and its check sum.
    vast.writeUInt32BE(20_000, 16);
    vast.writeUInt32BE(20_000, 20);
    const { crc32 } = await import('node:zlib');
    vast.writeUInt32BE(crc32(vast.subarray(12, 29)), 29);
    const HOSTILE: readonly (readonly [string, Buffer, RegExp])[] = [
      ['cut.png', whole.subarray(0, 60), /This file is not what it should be.*ends too early/],
      ['vast.png', vast, /This file is too large.*20000 by 20000/],
      ['a.gif', Buffer.from('GIF89a\u0001\u0000\u0001\u0000'), /the file is a GIF\. Hint: save the frame/],
      ['words.txt', Buffer.from('no picture at all'), /no picture of a known kind/],
      ['nothing.png', Buffer.from(''), /the file is empty/],
    ];
    const { page, problems, close } = await withCaptioner();
    for (const [name, buffer, told] of HOSTILE) {
      await drop(page, { name, mimeType: '', buffer });
      await expect.poll(() => alert(page).allTextContents(), { message: name }).toEqual([expect.stringMatching(told)]);
      expect(await figures(page).count(), name).toBe(0);
    }
    await input(page).setInputFiles([png(RED, 'a.png'), png(BLUE, 'b.png')]);
    await expect.poll(() => alert(page).first().textContent()).toContain('these are 2 pictures');
    await input(page).setInputFiles({ name: 'model.safetensors', mimeType: '', buffer: Buffer.from('no model') });
    await expect.poll(() => alert(page).allTextContents()).toContainEqual(expect.stringContaining('safetensors: '));
    // The captioner from before is still there.
    await drop(page, png(BLUE));
    await expect.poll(() => captions(page)).toEqual(texts(BLUE));
    expect(await alert(page).count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  test('samples with the captioner of the page, and one of one’s own in the view of models', async () => {
    const { page, problems, close } = await visit(browser, { hash: '#1?view=picture' });
    await ready(page);
    await page.getByRole('button', { name: 'man student: light skin tone', pressed: true }).waitFor();
    // A combination that it has never seen, and all four names are right.
    await expect
      .poll(() => captions(page))
      .toEqual([
        'man student: light skin tone',
        'Student: helle Hautfarbe',
        'étudiant (tous genres) : peau claire',
        '男学生: 较浅肤色',
      ]);
    await page.getByText('Give a picture, get its name in English').waitFor();
    await screenshot(page, 'pictures-shipped');
    expect(await page.locator('#view-picture button img').count()).toBe(SAMPLE_NAMES.length);
    await page.getByText('CC BY 4.0').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Model', exact: true }).click();
    await page.locator('#view-model input[type=file]').setInputFiles({
      name: 'model.safetensors',
      mimeType: '',
      buffer: tiny.file,
    });
    await page.getByRole('button', { name: 'Go to the view Pictures' }).click();
    await expect.poll(async () => (await captions(page)).length).toBe(4);
    expect(problems).toEqual([]);
    await close();
  });

  test.each([
    ['wide, light', 1280, 'light'],
    ['wide, dark', 1280, 'dark'],
    ['narrow, light', 360, 'light'],
    ['narrow, dark', 360, 'dark'],
  ] as const)('%s: all languages, and nothing that axe finds', async (look, width, colorScheme) => {
    const context = { viewport: { width, height: 900 }, colorScheme };
    const { page, close } = await withCaptioner({ context });
    await drop(page, png(RED));
    await expect.poll(() => captions(page)).toEqual(texts(RED));
    const lefts = await figures(page).evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
    expect(new Set(lefts).size, 'columns').toBe(width === 360 ? 1 : 4);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(await violations(page)).toEqual([]);
    await screenshot(page, `pictures-${look.replace(', ', '-')}`);
    await figures(page).first().getByRole('button', { name: 'Table: English' }).click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(await violations(page)).toEqual([]);
    await close();
  });

  test('the captioner of the page in Chinese: its card too', async () => {
    const { page, close } = await visit(browser, {
      hash: '#1?view=picture&sam=mermaid&cpl=zh',
      context: { locale: 'zh-CN' },
    });
    await ready(page);
    await expect.poll(() => captions(page)).toEqual(['美人鱼: 中等-深肤色']);
    await page.getByText('给出一张图片，得到它的英语、德语、法语或中文名称').waitFor();
    expect(await untranslated(page)).toEqual([]);
    await close();
  });

  test('in Chinese, in little room', async () => {
    const context = { locale: 'zh-CN', viewport: { width: 360, height: 800 }, colorScheme: 'dark' } as const;
    const { page, close } = await withCaptioner({ context });
    await drop(page, png(RED));
    await expect.poll(() => captions(page)).toEqual(texts(RED));
    expect(await figures(page).locator('strong').allTextContents()).toEqual(['英语', '德语', '法语', '中文']);
    expect(await untranslated(page)).toEqual([]);
    expect(await violations(page)).toEqual([]);
    await screenshot(page, 'pictures-narrow-dark-in-Chinese');
    await drop(page, { name: 'a.gif', mimeType: '', buffer: Buffer.from('GIF89a') });
    await alert(page).waitFor();
    expect(await untranslated(page)).toEqual([]);
    expect(await alert(page).textContent()).toContain('请选择一张完整的 PNG、JPEG 或 WebP 图片');
    await close();
  });
});
