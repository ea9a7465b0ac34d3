import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cpu } from '@heed/backend-cpu';
import { selectBackend } from '@heed/core';
import { g2p, models, parseCard } from '@heed/models';
import {
  createSeq2Seq,
  recurrent,
  switchOffHeads,
  transformer,
  type HeadPlace,
  type WatchedStep,
} from '@heed/networks';
import { decodeModel, encodeModel, type RunInfo } from '@heed/nn';
import { findTask, parseCalibration } from '@heed/tasks';
import * as tf from '@tensorflow/tfjs-core';
import { zipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BACKENDS } from '../src/engine/jobs.js';
import { LETTERS, PHONEMES } from '../src/worker/symbols.js';
import { executablePath, launch, ready, tableOf, visit } from './browser.js';
import { trainOwnRuns } from './own-runs.js';
import { typedModels } from './typed-models.js';

const VIEW = '#1?view=model';

describe.runIf(executablePath !== undefined)('model view', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  const said = (page: Page) => page.locator('p[aria-label=Output]');

  test.each(BACKENDS)('reads words aloud on %s, greedily and with a beam', async (backend) => {
    const own = await launch({ graphics: backend.startsWith('webg'), webgpu: backend === 'webgpu' });
    const { page, problems, close } = await visit(own, { hash: `${VIEW}&on=${backend}` });
    await ready(page);
    await expect.poll(() => said(page).textContent()).toContain('attention → AH T EH N SH AH N');
    const { rows, columns, values } = await tableOf(page, 'Alignment');
    expect(columns.join('')).toBe('attention');
    expect(rows).toEqual('AH T EH N SH AH N'.split(' '));
    // EH comes from the e.
    expect(Math.max(...values[2])).toBe(values[2][3]);
    await page.getByLabel('Word').fill('thing');
    await expect.poll(() => said(page).textContent()).toContain('thing → TH IH NG');
    await page.getByRole('button', { name: 'Beam', exact: true }).click();
    const alternatives = page.getByRole('region', { name: 'Alternatives of the beam' });
    await alternatives.waitFor();
    expect(await alternatives.getByRole('row').count()).toBe(5);
    const scores = await alternatives.locator('td:nth-child(3)').allTextContents();
    expect(scores.map(Number)).toEqual(scores.map(Number).toSorted((a, b) => b - a));
    await alternatives.getByRole('button').nth(1).click();
    await expect.poll(() => said(page).textContent()).not.toContain('thing → TH IH NG ');
    expect(problems).toEqual([]);
    await close();
    await own.close();
  });

  test('appears output by output, where motion is wanted', async () => {
    const { page, problems, close } = await visit(browser, { hash: VIEW, context: { reducedMotion: 'no-preference' } });
    await ready(page);
    // Looked at in every frame, from before there is a model.
    await page.waitForFunction(() => {
      const seen = ((globalThis as { lengths?: Set<number> }).lengths ??= new Set());
      const element = document.querySelector<HTMLElement & { map?: { weights: unknown[] } }>('attention-heatmap');
      return seen.add(element?.map?.weights.length ?? 0).size >= 4;
    });
    expect(problems).toEqual([]);
    await close();
  });

  test('says what is wrong with a word, and goes on', async () => {
    const { page, problems, close } = await visit(browser, { hash: `${VIEW}&word=na%C3%AFve` });
    await ready(page);
    await page.getByRole('alert').filter({ hasText: 'source symbol "ï"' }).waitFor();
    await page.getByLabel('Word').fill('naive');
    await expect.poll(() => said(page).textContent()).toContain('naive → N');
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  test('takes files of the reader’s own, and refuses broken ones', async () => {
    const { page, problems, close } = await visit(browser, { hash: VIEW });
    await ready(page);
    await expect.poll(() => said(page).textContent()).toContain('AH T EH N SH AH N');
    const good = await readFile(g2p.model);
    const wrong = 'This file is not what it should be';
    const broken: readonly (readonly [string, Buffer, string, string])[] = [
      ['model.safetensors', Buffer.from('this is no model'), wrong, 'the header claims'],
      ['model.safetensors', good.subarray(0, 100_000), wrong, 'lies at bytes'],
      ['picture.png', Buffer.from([137, 80, 78, 71]), wrong, 'among picture.png'],
      ['run.zip', Buffer.from('PK\u0003\u0004 not really'), wrong, 'run.zip'],
      ['model.safetensors', withoutMetadata(good), 'This is no model that can be used', 'heed-seq2seq'],
    ];
    for (const [name, bytes, message, detail] of broken) {
      await drop(page, { [name]: bytes });
      await page.getByRole('alert').filter({ hasText: message }).filter({ hasText: detail }).waitFor();
    }
    // The model before still works.
    await page.getByLabel('Word').fill('cat');
    await expect.poll(() => said(page).textContent()).toContain('cat → K AE T');

    await page.getByLabel('Or choose files').setInputFiles([fileURLToPath(g2p.model), fileURLToPath(g2p.info)]);
    await page.getByText('Your file: Bahdanau’s decoder, attention: Additive (Bahdanau)').waitFor();
    const { progress } = JSON.parse(await readFile(g2p.info, 'utf8')) as RunInfo;
    await page.getByText(`Task g2p, step ${progress.step} of ${progress.steps}`).waitFor();
    await page.getByLabel('Word').fill('dog');
    await expect.poll(() => said(page).textContent()).toContain('dog → D AO G');
    await page.getByRole('button', { name: 'Back to the model of this page' }).click();
    await page.getByText('Trained with Heed’s own command').waitFor();
    expect(problems).toEqual([]);
    await close();
  });
});

describe.runIf(executablePath !== undefined)('model view, of runs of every kind', () => {
  let browser: Browser;
  let place: string;
  let own: Readonly<Record<string, string>>;
  beforeAll(async () => {
    browser = await launch();
    place = await mkdtemp(join(tmpdir(), 'heed-playground-'));
    own = await trainOwnRuns(place);
  });
  afterAll(async () => {
    await browser?.close();
    await rm(place, { recursive: true });
  });

  const output = (page: Page) => page.locator('section[aria-label=Answer][aria-busy=false] p[aria-label=Output]');

  test('of every shipped model the folder is dropped: its card is shown, and it answers', async () => {
    const { page, problems, close } = await visit(browser, { hash: VIEW });
    await ready(page);
    for (const [name, { model, card }] of Object.entries(models)) {
      await dropPath(page, fileURLToPath(new URL('.', model)));
      const about = page.getByRole('region', { name: 'About this model' });
      await about.getByText(`Task ${name}, step`).waitFor();
      const { description, example } = parseCard(await readFile(card, 'utf8'));
      await about.getByText(description).waitFor();
      if (name === 'g2p') {
        await page.getByLabel('Word').fill('thing');
        await expect.poll(() => page.locator('p[aria-label=Output]').textContent()).toContain('thing → TH IH NG');
        continue;
      }
      if (!Object.hasOwn(typedModels, name)) {
        await page.getByRole('button', { name: 'Go to the view Pictures' }).waitFor();
        continue;
      }
      expect(await page.getByLabel('Input', { exact: true }).inputValue(), name).toBe(example);
      await expect.poll(() => output(page).textContent(), { message: name }).toMatch(/\S/);
      await expect
        .poll(() => page.locator('section[aria-label=Answer] figure').count(), { message: name })
        .toBeGreaterThan(0);
    }
    expect(problems).toEqual([]);
    await close();
  }, 240_000);

  test('runs of pairs, labels and text, learnt from somebody’s own files', async () => {
    const { page, problems, close } = await visit(browser, { hash: VIEW });
    await ready(page);
    await dropPath(page, own['pairs']);
    await page.getByText('Give a source, get its target').waitFor();
    await page.getByLabel('Input', { exact: true }).fill('abcd');
    await page.locator('section[aria-label=Answer] figure').waitFor();
    await page.getByRole('button', { name: 'Beam', exact: true }).click();
    await page.getByRole('heading', { name: 'Also possible' }).waitFor();
    expect(await page.locator('section[aria-label=Answer] li').count()).toBe(3);

    // As a .zip, and an input of several lines.
    const files = ['model.safetensors', 'run.json', 'training.safetensors'];
    const bytes = await Promise.all(files.map((file) => readFile(join(own['labels'], file))));
    const zip = zipSync(Object.fromEntries(files.map((file, n) => [`labels/${file}`, bytes[n]])));
    await drop(page, { 'labels.zip': Buffer.from(zip) });
    await page.getByText('Give a text, get the label').waitFor();
    expect(await page.locator('section[aria-label=Answer]').count()).toBe(0);
    await page.getByLabel('Input', { exact: true }).fill('A good day.\nOf many words.');
    await expect.poll(() => output(page).textContent()).toMatch(/^(?:glad|sad)$/);
    await page.getByText('sentence 2: words').waitFor();

    await drop(page, {
      'model.safetensors': await readFile(join(own['text'], 'model.safetensors')),
      'run.json': await readFile(join(own['text'], 'run.json')),
    });
    await page.getByText('Begin a text, and it is written on').waitFor();
    await page.getByLabel('Characters to write').fill('12');
    await page.getByLabel('Input', { exact: true }).fill('the ');
    await expect
      .poll(async () => [...(await output(page).textContent({ timeout: 10_000 }))!].length)
      .toBeLessThanOrEqual(12);
    const sample = await output(page).textContent();
    await page.getByRole('button', { name: 'Another sample' }).click();
    await expect.poll(() => output(page).textContent()).not.toBe(sample);
    expect(problems).toEqual([]);
    await close();
  }, 240_000);

  test('heads of a model are switched off: answer and map are what it computes without them', async () => {
    const { page, problems, close } = await visit(browser, { hash: VIEW });
    await ready(page);
    const heads = page.getByText('Switch heads off', { exact: true });
    await expect.poll(() => page.locator('p[aria-label=Output]').textContent()).toContain('attention → ');
    expect(await heads.count()).toBe(0); // the page's own model has one head

    // A run of a transformer that copies by its last layer, which the map shows.
    const TEXT = 'Open the folder';
    const [whole, without] = [
      await translated(TEXT, []),
      await translated(TEXT, [
        { layer: 'decoder/1/attention', head: 0 },
        { layer: 'decoder/1/attention', head: 2 },
      ]),
    ];
    expect(apart(whole.weights, without.weights)).toBeGreaterThan(10 * SAME);
    await dropPath(page, fileURLToPath(new URL('.', models['translate'].model)));
    await page.getByText('Task translate, step').waitFor();
    await page.getByLabel('Input', { exact: true }).fill(TEXT);
    await page.getByText('Right with a probability of').waitFor();
    await heads.click();
    for (const head of [1, 3]) {
      await page.getByRole('checkbox', { name: `Writing, layer 2: to the input; head ${head}` }).uncheck();
    }
    await expect
      .poll(async () => apart((await tableOf(page, without.title)).values, without.weights))
      .toBeLessThan(SAME);
    expect(await output(page).textContent()).toBe(without.output);
    expect(await page.getByText('Right with a probability of').count()).toBe(0);

    // A model file alone, which is read from symbol by symbol; it has all of its heads at first.
    const untrained = await twoHeads('cat');
    expect(apart(untrained.whole, untrained.without)).toBeGreaterThan(2 * SAME);
    await drop(page, { 'model.safetensors': untrained.file });
    await page.getByLabel('Word').fill('cat');
    const firstRow = async (): Promise<number[][]> => (await tableOf(page, 'Alignment')).values;
    for (const search of ['Greedy', 'Beam']) {
      await page.getByRole('button', { name: search, exact: true }).click();
      await expect.poll(async () => apart(await firstRow(), untrained.whole)).toBeLessThan(SAME);
      if (!(await page.getByRole('checkbox').first().isVisible())) await heads.click();
      await page.getByRole('checkbox', { name: 'Writing: to the input; head 2' }).uncheck();
      await expect.poll(async () => apart(await firstRow(), untrained.without)).toBeLessThan(SAME);
      await page.getByRole('button', { name: 'All on' }).click();
    }
    expect(problems).toEqual([]);
    await close();
  });

  test('a model whose task is not known says so, and what it is', async () => {
    const { page, problems, close } = await visit(browser, { hash: VIEW });
    await ready(page);
    const model = await readFile(models['spam'].model);
    await drop(page, { 'model.safetensors': model });
    await page.getByText('This file doesn’t say what its model was made for').waitFor();
    await page.getByText('Your file: classifier, ').waitFor();
    const info = { ...(JSON.parse(await readFile(models['spam'].info, 'utf8')) as object), task: 'weather' };
    await drop(page, { 'model.safetensors': model, 'run.json': Buffer.from(JSON.stringify(info)) });
    await page.getByText('made for a task that this page doesn’t have: “weather”').waitFor();
    // The decoder of the formula has nothing to show of it.
    await page.getByRole('tab', { name: 'Formula' }).click();
    await page.getByRole('button', { name: /decoder, step by step/ }).click();
    await page.getByText('has no decoder that goes step by step').waitFor();
    // A card that is none is refused; the model before stays.
    await page.getByRole('tab', { name: 'Model', exact: true }).click();
    await drop(page, { 'model.safetensors': model, 'card.json': Buffer.from('{}') });
    await page.getByRole('alert').filter({ hasText: 'the model card' }).waitFor();
    await page.getByText('“weather”').waitFor();
    expect(problems).toEqual([]);
    await close();
  });
});

/** As a reader would: files let go over the drop zone. */
async function drop(page: Page, files: Readonly<Record<string, Buffer>>): Promise<void> {
  const contents = Object.entries(files).map(([name, bytes]) => [name, bytes.toString('base64')] as const);
  const transfer = await page.evaluateHandle((given) => {
    const data = new DataTransfer();
    for (const [name, base64] of given) {
      data.items.add(new File([Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))], name));
    }
    return data;
  }, contents);
  await page.getByRole('region', { name: 'Your own model' }).dispatchEvent('drop', { dataTransfer: transfer });
}

/** As the system tells the browser of what is let go, a folder too. */
async function dropPath(page: Page, path: string): Promise<void> {
  const zone = page.getByRole('region', { name: 'Your own model' });
  await zone.scrollIntoViewIfNeeded();
  const { x, y } = (await zone.boundingBox())!;
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: x + 5, y: y + 5, data });
  }
  await session.detach();
}

/** A safetensors file of the same numbers that doesn't say what they are. */
function withoutMetadata(file: Buffer): Buffer {
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + length).toString()) as Record<string, unknown>;
  delete header['__metadata__'];
  const text = JSON.stringify(header).padEnd(length, ' ');
  return Buffer.concat([file.subarray(0, 8), Buffer.from(text), file.subarray(8 + length)]);
}

/** What the shipped translator makes of a text without some of its heads. */
async function translated(text: string, off: readonly HeadPlace[]) {
  const backend = await selectBackend(cpu());
  const { model: file, calibration } = models['translate'];
  const model = decodeModel(await readFile(file), { networks: [transformer] });
  switchOffHeads(model, off);
  const { outputs } = parseCalibration(await readFile(calibration, 'utf8'));
  const task = findTask('translate');
  const [answer] = await task.answer(model, [task.parse(text)], { beam: 1, ...(outputs && { outputs }) });
  const { output, maps } = answer!;
  model.dispose();
  await backend.dispose();
  return { output, title: maps[0]!.title!, weights: maps[0]!.weights };
}

/** A model of two heads that has learnt nothing, and where it looks first, for a word, with both and without the second head. */
async function twoHeads(word: string) {
  const backend = await selectBackend(cpu());
  const untrained = createSeq2Seq({
    kind: 'recurrent',
    sourceSymbols: LETTERS,
    targetSymbols: PHONEMES,
    seed: 1,
    architecture: 'luong',
    cell: 'gru',
    embeddingWidth: 8,
    encoderUnits: 8,
    encoderLayers: 1,
    bidirectional: true,
    decoderUnits: 8,
    attention: { kind: 'multiHead', heads: 2 },
    inputFeeding: false,
    output: 'tanh',
    outputUnits: 8,
    dropout: 0,
  });
  // So that the heads look at places of their own, which a model at its beginning doesn't.
  const kernel = untrained.parameters['attention/query_kernel']!;
  tf.tidy(() => void kernel.assign(tf.mul(kernel, 100)));
  const file = Buffer.from(await encodeModel(untrained));
  untrained.dispose();
  const looks = async (off: readonly HeadPlace[]): Promise<readonly Float32Array[]> => {
    const model = decodeModel(file, { networks: [recurrent] });
    switchOffHeads(model, off);
    const { value } = await model.watch([...word]).next();
    model.dispose();
    return [(value as WatchedStep).weights!];
  };
  const [whole, without] = [await looks([]), await looks([{ layer: 'attention', head: 1 }])];
  await backend.dispose();
  return { file, whole, without };
}

/** Greatest difference of two maps, as far as the second goes; a table shows three digits. */
const apart = (map: readonly ArrayLike<number>[], wanted: readonly ArrayLike<number>[]): number =>
  Math.max(...wanted.flatMap((row, i) => Array.from(row, (weight, j) => Math.abs(weight - (map[i]?.[j] ?? Infinity)))));
const SAME = 0.002;
