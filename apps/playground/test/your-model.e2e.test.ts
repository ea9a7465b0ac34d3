import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { cpu } from '@heed/backend-cpu';
import { selectBackend } from '@heed/core';
import { describeLook } from '@heed/heatmap';
import { predictionOf } from '@heed/hugging-face';
import { loadPretrainedFolder } from '@heed/hugging-face/node';
import { attentionRollout } from '@heed/metrics';
import { encode } from 'fast-png';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '@heed/chromium/axe';
import { executablePath, launch, ready, tableOf, visit, type Visit } from './browser.js';
import { untranslated } from './untranslated.js';

const VIEW = '#1?view=yourModel';
const MODELS = fileURLToPath(new URL('../../../vectors/hugging-face/', import.meta.url));

/** Drops a folder on the view, as a browser does: its files are read when its entries are asked for. */
async function drop(page: Page, name: string): Promise<void> {
  const names = (await readdir(`${MODELS}${name}`)).filter((file) => !file.startsWith('expected'));
  const files = await Promise.all(
    names.map(async (file) => [file, (await readFile(`${MODELS}${name}/${file}`)).toString('base64')] as const),
  );
  await page.evaluate(
    ([name, files]) => {
      const entries = files.map(([file, content]) => ({
        name: file,
        fullPath: `/${name}/${file}`,
        isFile: true,
        isDirectory: false,
        file: (resolve: (file: File) => void) =>
          resolve(new File([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], file)),
      }));
      const folder = {
        name,
        isFile: false,
        isDirectory: true,
        createReader: () => ({ readEntries: (resolve: (some: object[]) => void) => resolve(entries.splice(0)) }),
      };
      const dataTransfer = {
        types: ['Files'],
        files: [new File([], name)],
        items: [{ webkitGetAsEntry: () => folder }],
      };
      const event = Object.assign(new Event('drop', { cancelable: true }), { dataTransfer });
      globalThis.dispatchEvent(event);
    },
    [name, files] as const,
  );
}

const model = (page: Page) => page.getByRole('region', { name: 'Model', exact: true });
const answer = (page: Page) => page.getByRole('region', { name: 'What the model makes of it' });
const grid = (page: Page) => page.getByRole('grid', { name: 'All layers and heads' });
const textOf = (page: Page) => model(page).getByRole('textbox', { name: 'Text', exact: true });

describe.runIf(executablePath !== undefined)('somebody’s own pretrained model', () => {
  let browser: Browser;
  /** A page in which one model after another is dropped. */
  let visited: Visit;
  beforeAll(async () => {
    browser = await launch();
    visited = await visit(browser, { hash: VIEW });
    await selectBackend(cpu());
    await ready(visited.page);
  });
  afterAll(async () => {
    await visited?.close();
    await browser?.close();
  });

  test('a masked language model: tokens, guesses and every map are those of the library', async () => {
    const bert = await loadPretrainedFolder(`${MODELS}bert`);
    const { ids, tokens } = bert.tokenizer!.encode('A [MASK] red boat.');
    const outputs = bert.run({ inputIds: [ids] }, { attentions: true });
    const said = await predictionOf(bert, ids, outputs);
    const weights = (await outputs.attentions![1]!.array())[0]!;

    const { page, problems } = visited;
    await drop(page, 'bert');
    await model(page).getByText('BertForMaskedLM').waitFor();
    await textOf(page).fill('A [MASK] red boat.');
    await expect.poll(() => answer(page).locator('.tokens span').allTextContents()).toEqual(tokens);
    expect(said?.kind).toBe('masks');
    const guesses = said?.kind === 'masks' ? said.masks[0]!.guesses : [];
    expect(await answer(page).locator('li code').allTextContents()).toEqual(guesses.map(({ name }) => name));
    expect(await answer(page).locator('li').first().textContent()).toContain(
      `${(100 * guesses[0]!.probability).toFixed(1)} %`,
    );

    // Keys walk over the small maps, and Enter opens one.
    expect(await grid(page).getByRole('gridcell').count()).toBe(2 * 5);
    await grid(page).getByRole('gridcell', { name: 'Layer 1, head 1' }).focus();
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    expect(await grid(page).getByRole('gridcell', { name: 'Layer 2, head 3' }).getAttribute('aria-selected')).toBe(
      'true',
    );
    const shown = await tableOf(page, 'Layer 2, head 3');
    expect(shown.rows).toEqual(tokens);
    for (const [i, row] of shown.values.entries())
      for (const [j, value] of row.entries()) expect(Math.abs(value - weights[2]![i]![j]!)).toBeLessThan(2e-3);
    // The mean is at the end of the row.
    await grid(page).getByRole('gridcell', { name: 'Layer 2, head 3' }).focus();
    for (const key of ['End', 'Enter']) await page.keyboard.press(key);
    const mean = await tableOf(page, 'Layer 2, mean of heads');
    const wanted = weights.reduce((sum, head) => sum + head[0]![0]! / weights.length, 0);
    expect(Math.abs(mean.values[0]![0]! - wanted)).toBeLessThan(2e-3);

    // Rollout of all layers.
    await page.getByRole('combobox', { name: 'Head' }).selectOption('rollout');
    const rolled = await tableOf(page, 'Rollout up to layer 2');
    const layers = outputs.attentions!.map((layer) => ({ shape: layer.shape, data: layer.dataSync() }));
    const expected = attentionRollout(layers)[1]!;
    for (const [i, row] of rolled.values.entries())
      for (const [j, value] of row.entries()) expect(Math.abs(value - expected[i]![j]!)).toBeLessThan(2e-3);

    // Small maps are drawn: the strongest weight has the last colour of the palette.
    const brightest = await grid(page)
      .locator('canvas')
      .evaluateAll((all) =>
        (all as HTMLCanvasElement[]).map((canvas) => {
          const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
          return Math.max(...data.filter((_, n) => n % 4 === 0));
        }),
      );
    expect(brightest).toEqual(brightest.map(() => 253));
    expect(await violations(page)).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('an encoder–decoder: what it writes, and arcs of what each of its tokens reads from', async () => {
    const t5 = await loadPretrainedFolder(`${MODELS}t5`);
    const { ids, tokens } = t5.tokenizer!.encode('The old mill');
    const { sequences } = await t5.generate({ inputIds: [ids] }, { maxNewTokens: 8 });
    const { crossAttentions } = t5.run({ inputIds: [ids], decoderInputIds: sequences }, { attentions: true });
    const weights = (await crossAttentions![0]!.array())[0]![0]!;
    const strongest = weights[2]!.indexOf(Math.max(...weights[2]!));

    const { page, problems } = visited;
    await drop(page, 't5');
    await textOf(page).fill('The old mill');
    const written = t5.tokenizer!.decode(sequences[0]!, { skipSpecialTokens: true });
    await expect.poll(() => answer(page).locator('q').textContent()).toBe(written);
    expect(await page.getByRole('button', { name: /^of the (encoder|decoder) to/ }).allTextContents()).toEqual([
      'of the decoder to the encoder',
      'of the encoder to itself',
      'of the decoder to itself',
    ]);
    await page.getByRole('button', { name: 'Arcs' }).click();
    const read = page.getByRole('group', { name: 'is read' }).getByRole('button');
    expect(await read.locator('.token').allTextContents()).toEqual(tokens);
    await page.getByRole('group', { name: 'reads', exact: true }).getByRole('button').nth(2).hover();
    const told = page.getByRole('status').filter({ hasText: 'reads from:' });
    expect(await told.textContent()).toContain(`reads from: ${tokens[strongest]} `);
    expect(await page.locator('svg path').count()).toBe(tokens.length);
    // The same by keys, from the other side.
    await read.first().focus();
    await page.keyboard.press('ArrowDown');
    await page
      .getByRole('status')
      .filter({ hasText: `${tokens[1]} is read by:` })
      .waitFor();
    expect(await violations(page)).toEqual([]);
    // What the decoder reads may be given.
    await page.getByRole('textbox', { name: /^What the decoder has written/ }).fill('The old');
    const target = ['<pad>', ...t5.tokenizer!.encode('The old').tokens];
    await expect
      .poll(() => page.getByRole('group', { name: 'reads', exact: true }).locator('.token').allTextContents())
      .toEqual(target);
    expect(problems).toEqual([]);
  });

  test('a picture and texts: which is likelier, and patches that are looked at, over the picture', async () => {
    const clip = await loadPretrainedFolder(`${MODELS}clip`);
    const [width, height] = [40, 32];
    const data = Uint8Array.from({ length: width * height * 3 }, (_, n) => (n * 7) % 251);
    const { inputIds, attentionMask } = clip.tokenizer!.encodeBatch(['a red boat', 'an old mill']);
    const inputs = { inputIds, attentionMask, ...clip.processor!.images([{ width, height, data }]) };
    const said = await predictionOf(clip, [], clip.run(inputs));
    const likely = said?.kind === 'likeness' ? said.pictures[0]![0]!.probability : NaN;

    const { page, problems } = visited;
    await drop(page, 'clip');
    await model(page).getByText('CLIPModel').waitFor();
    const png = Buffer.from(encode({ width, height, data, channels: 3 }));
    await model(page)
      .getByLabel('Choose a picture')
      .setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: png });
    await model(page).getByRole('textbox', { name: 'Texts, one a line' }).fill('a red boat\nan old mill');
    const line = answer(page).locator('li', { hasText: 'a red boat' });
    await expect.poll(() => line.textContent()).toContain(`${(100 * likely).toFixed(1)} %`);
    await page.getByRole('button', { name: 'of “an old mill” to itself' }).waitFor();
    await page.getByRole('button', { name: 'Over the picture' }).click();
    // 32 by 32 pixels in patches of 8; the sentence of where each looks is that of the library.
    const { imageAttentions } = clip.run(inputs, { attentions: true });
    const heads = (await imageAttentions![0]!.array())[0]!;
    const look = (row: number, word: string) => describeLook({ word, weights: heads[0]![row]!.slice(1) }, [4, 4]);
    const overlay = page.locator('attention-overlay');
    const picture = overlay.getByRole('img');
    const chosen = overlay.getByRole('radio', { checked: true });
    const patches = Array.from({ length: 16 }, (_, n) => `${Math.floor(n / 4) + 1}·${(n % 4) + 1}`);
    expect(await overlay.getByRole('radio').allTextContents()).toEqual(['[CLS]', ...patches]);
    expect(await picture.getAttribute('aria-label')).toBe(look(0, '[CLS]'));
    // A click on a patch chooses it.
    const { width: side } = (await picture.boundingBox())!;
    await picture.click({ position: { x: side - 3, y: side - 3 } });
    await expect.poll(() => chosen.textContent()).toBe('4·4');
    expect(await picture.getAttribute('aria-label')).toBe(look(16, '4·4'));
    expect(await overlay.locator('.readout').textContent()).toMatch(/^row 4, column 4: 0\.\d+$/);
    // Pointing at a word shows its look as long as the pointer is there.
    await overlay.getByRole('radio', { name: '2·3' }).hover();
    await expect.poll(() => picture.getAttribute('aria-label')).toBe(look(7, '2·3'));
    await page.mouse.move(0, 0);
    await expect.poll(() => picture.getAttribute('aria-label')).toBe(look(16, '4·4'));
    // Arrow keys go through the words, and say where each looked.
    await chosen.focus();
    for (const key of ['ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    await expect.poll(() => chosen.textContent()).toBe('1·1');
    expect(await overlay.getByRole('status').textContent()).toBe(look(1, '1·1'));
    // The strongest patch has the last colour of the palette.
    const brightest = await overlay.locator('canvas.map').evaluate((canvas) => {
      const { data, width } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, 4, 4);
      const most = Array.from({ length: 16 }, (_, n) => data[4 * n + 3]!).reduce((a, b) => Math.max(a, b));
      return { most, width };
    });
    expect(brightest).toEqual({ most: 191, width: 4 });
    expect(await violations(page)).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('an overlay tells how much looked at no part, is a table too, and refuses what can’t be drawn', async () => {
    const { page, problems } = visited;
    // The test before has loaded the element.
    const told = await page.evaluate(() => {
      const element = document.createElement('attention-overlay');
      document.body.append(element);
      const part = (selector: string) => element.shadowRoot!.querySelector<HTMLElement>(selector)!;
      const picture = { width: 2, height: 1, channels: 3, data: Uint8Array.of(9, 9, 9, 0, 0, 0) } as const;
      const steps = [
        { word: 'red', weights: [0.92, 0], sentinel: 0.08 },
        { word: '<b>', weights: [0, 0.3] },
      ];
      element.overlay = { picture, grid: [1, 2], steps, language: 'en' };
      const events: unknown[] = [];
      for (const name of ['wordpick', 'wordmove', 'cellpick']) {
        element.addEventListener(name, (event) => events.push((event as CustomEvent).detail));
      }
      const first = { share: part('.share').textContent, bar: part('.bar').style.width, lang: part('.word').lang };
      element.step = 1;
      const second = { readout: part('.readout').textContent, visibility: part('.sentinel').style.visibility };
      part('[data-n="0"]').click();
      element.step = undefined;
      const alone = { label: part('.picture').ariaLabel, map: part('canvas.map').hidden };
      element.setAttribute('view', 'table');
      const rows = [...element.shadowRoot!.querySelectorAll('tr')].map((row) => row.cells[0]!.textContent);
      const last = [...element.shadowRoot!.querySelectorAll('tr')].map((row) => [...row.cells].at(-1)!.textContent);
      let code = '';
      try {
        element.overlay = { picture, grid: [1, 2], steps: [{ word: 'a', weights: [2, 0] }] };
      } catch (error) {
        code = (error as { code: string }).code;
      }
      element.remove();
      return { first, second, alone, rows, last, events, code };
    });
    expect(told).toEqual({
      first: { share: '8 % no part', bar: '8%', lang: 'en' },
      second: { readout: expect.stringMatching(/^'<b>': \d+ % on the/), visibility: 'hidden' },
      alone: { label: 'picture', map: true },
      rows: ['word', 'red', '<b>'],
      last: ['no part', '8 %', ''],
      events: [{ step: 0, word: 'red', sentence: expect.stringContaining("'red': ") }],
      code: 'INVALID_ARGUMENT',
    });
    expect(problems).toEqual([]);
  });

  test('pickled weights are refused with how to convert them, and the model before stays', async () => {
    const { page } = visited;
    await drop(page, 'bert_seqcls');
    await model(page).getByText('BertForSequenceClassification').waitFor();
    await expect.poll(() => answer(page).textContent()).toContain('Its labels:');
    await page
      .locator('#view-yourModel input[type=file]')
      .first()
      .setInputFiles([
        { name: 'config.json', mimeType: '', buffer: await readFile(`${MODELS}bert/config.json`) },
        { name: 'pytorch_model.bin', mimeType: '', buffer: Buffer.from('\u0080\u0002}q') },
      ]);
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('pytorch_model.bin, which is Python');
    expect(await alert.textContent()).toContain('save_pretrained');
    expect(await model(page).textContent()).toContain('BertForSequenceClassification');
  });

  test('in Chinese, in little room', async () => {
    const context = { locale: 'zh-CN', viewport: { width: 360, height: 800 }, colorScheme: 'dark' } as const;
    const { page, close } = await visit(browser, { hash: VIEW, context });
    await ready(page);
    await drop(page, 'gpt2');
    await page.getByRole('button', { name: '弧线' }).click();
    await page.locator('svg path').first().waitFor({ state: 'attached' });
    expect(await untranslated(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), 'width of the page').toBe(360);
    expect(await violations(page)).toEqual([]);
    await close();
  });
});
