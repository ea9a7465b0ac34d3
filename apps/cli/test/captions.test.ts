import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { events, heed, type Outcome } from './heed.js';
import { BAD_PICTURES, patchesPng } from './picture-files.js';

const WASM = ['--backend', 'wasm', '--threads', '1'];
const COUNT = 24;
const NAMES = Array.from({ length: COUNT }, (_, n) => `${n % 2 ? 'more/' : ''}${n}.png`);
const COLOURS = ['red', 'blue', 'green'];
const FARBEN = ['rot', 'blau', 'grün'];
const TABLE = NAMES.map(
  (name, n) => `${name}\t${COLOURS[n % 3]!} patches\ten\n${name}\t${FARBEN[n % 3]!}e Flecken\tde\n`,
).join('');

let folder: string;
let data: string;
const at = (...names: string[]): string => join(folder, ...names);
const last = (outcome: Outcome): Record<string, unknown> => events(outcome).at(-1)!;

/** A folder of pictures with a table. */
async function keep(name: string, table: string, pictures: readonly (readonly [string, Buffer])[]): Promise<string> {
  await mkdir(at(name, 'more'), { recursive: true });
  for (const [picture, bytes] of pictures) await writeFile(at(name, picture), bytes);
  await writeFile(at(name, 'captions.tsv'), table);
  return at(name, 'captions.tsv');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-captions-'));
  data = await keep(
    'pictures',
    TABLE,
    NAMES.map((name, n) => [name, patchesPng(n, n === 3 ? [1, 1] : undefined)]),
  );
  for (const [name, bytes] of BAD_PICTURES) await writeFile(at(name), bytes);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const train = (out: string, ...more: string[]): Promise<Outcome> =>
  heed(
    ['train', 'captions', '--out', at(out), '--steps', '3', '--batch-size', '2', '--seed', '3', '--json']
      .concat(WASM)
      .concat(more),
  );

describe('own pictures with captions', () => {
  test('train, answer in their languages, are judged, and have a card with the command that made them', async () => {
    const trained = await train('run', '--data', data);
    expect(trained).toMatchObject({ code: 0 });
    expect(last(trained)).toMatchObject({ event: 'done', step: 3 });
    const card = JSON.parse(await readFile(at('run', 'card.json'), 'utf8')) as Record<string, unknown>;
    expect(card).toMatchObject({
      task: 'captions',
      architecture: 'adaptive attention with a visual sentinel',
      licence: 'not stated',
      command: expect.stringMatching(/^heed train captions --data captions\.tsv .*--columns 1,2,3/),
      evaluations: [{ split: 'test', figures: { exact: expect.any(Number), cider: expect.any(Number) } }],
    });
    expect(JSON.stringify(card)).not.toContain(folder);

    const answered = await heed(['run', at('run'), at('pictures', '0.png'), '--ask', 'de', 'en', '--json', ...WASM]);
    expect(events(answered).filter(({ event }) => event === 'result')).toMatchObject([
      { language: 'de', sentinel: expect.any(Array) },
      { language: 'en' },
    ]);
    const unknown = await heed(['run', at('run'), at('pictures', '0.png'), '--ask', 'dr', ...WASM]);
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean de?') });

    const judged = await heed(['eval', at('run'), '--json', ...WASM]);
    expect(last(judged)).toMatchObject({ event: 'done', task: 'captions', baselines: [{}, {}] });
  });

  test('interrupted and resumed, a run ends as one that was not', async () => {
    const flags = ['--data', data, '--attention', 'additive'];
    expect((await train('whole', ...flags)).code).toBe(0);
    expect((await train('parts', ...flags, '--max-time', '0.001s')).code).toBe(0);
    const resumed = await heed(['train', 'captions', '--out', at('parts'), '--resume', '--json', ...WASM]);
    expect(last(resumed)).toMatchObject({ event: 'done', step: 3 });
    for (const file of ['model.safetensors', 'training.safetensors']) {
      // Their bytes one by one would take minutes to compare.
      expect((await readFile(at('parts', file))).equals(await readFile(at('whole', file))), file).toBe(true);
    }
  });

  test('are compared with no attention', async () => {
    expect((await train('helped', '--data', data, '--preset', 'soft')).code).toBe(0);
    const compared = await heed(['eval', at('helped'), '--compare', 'none', '--seeds', '1', '--json', ...WASM]);
    expect(events(compared).find(({ event }) => event === 'comparison')).toMatchObject({
      own: { title: 'soft attention, gated and even' },
      other: { title: 'no attention' },
    });
  });
});

describe('heed data', () => {
  test('tells pictures, their sides, captions of each language, and what looks wrong', async () => {
    const file = await keep('odd', `${TABLE}twin.png\tred patches\ten\nnamed.png\tnamed\ten\n`, [
      ...NAMES.map((name, n) => [name, patchesPng(n, n === 3 ? [1, 1] : undefined)] as const),
      ['twin.png', patchesPng(0)],
      ['named.png', patchesPng(77, [40, 90])],
    ]);
    const outcome = await heed(['data', file, '--json']);
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).toContain('looks like captions; --as pairs, labels or text if it isn’t');
    const [told] = events(outcome);
    expect(told).toMatchObject({
      event: 'data',
      kind: 'captions',
      counts: { pictures: COUNT + 2, rows: 2 * COUNT + 2 },
      sizes: { width: { least: 1, median: 20, most: 40 }, height: { least: 1, median: 10, most: 90 } },
      lengths: { 'captions, de': { least: 2, most: 2 }, 'captions, en': { least: 1, most: 2 } },
      labels: [
        ['en', COUNT + 2],
        ['de', COUNT],
      ],
    });
    const suspicions = told!['suspicions'] as { why: string; rows: number; first: { line: number; text: string }[] }[];
    const found = Object.fromEntries(suspicions.map(({ why, rows, first }) => [why, { rows, first: first[0]! }]));
    expect(found).toMatchObject({
      'a picture that looks like an earlier one': { rows: 1, first: { line: 49, text: 'twin.png, like 0.png' } },
      'a caption that is the name of its file': { rows: 1, first: { line: 50 } },
      'a picture of fewer than 8 pixels a side': { rows: 1, first: { line: 7, text: 'more/3.png, 1 × 1' } },
      'a caption that many pictures share': { rows: 49, first: { line: 1, text: 'red patches' } },
    });
    expect((await heed(['data', file])).stdout).toContain('width of pictures: 1 to 40 pixels');
  });
});

describe('bad pictures', () => {
  test('are told one by one, and the good ones are answered', async () => {
    expect((await train('plain', '--data', data, '--preset', 'none', '--steps', '1')).code).toBe(0);
    const bad = BAD_PICTURES.map(([name]) => at(name));
    const good = [at('pictures', '0.png'), at('pictures', 'more', '3.png')];
    const outcome = await heed(['run', at('plain'), good[0]!, ...bad, good[1]!, '--json', ...WASM]);
    expect(outcome.code).toBe(1);
    const told = events(outcome).filter(({ event }) => event === 'result' || event === 'error');
    expect(told.map(({ input }) => input).toSorted()).toEqual([...good, ...bad].toSorted());
    for (const { event, input } of told) expect(event).toBe(good.includes(input as string) ? 'result' : 'error');
    for (const [name, , code, says] of BAD_PICTURES) {
      expect(told.find(({ input }) => input === at(name))).toMatchObject({
        code,
        message: expect.stringMatching(says) as string,
      });
    }
  });

  test.each(BAD_PICTURES)(
    '%s among captions is told with its line by train and data',
    async (name, bytes, code, says) => {
      const file = await keep(`bad-${name}`, `fine.png\tfine\n${name}\tbad\n`, [
        ['fine.png', patchesPng(5)],
        [name, bytes],
      ]);
      for (const outcome of [await train('never', '--data', file), await heed(['data', file, '--json'])]) {
        expect(outcome.code).toBe(1);
        expect(last(outcome)).toMatchObject({
          event: 'error',
          code,
          message: expect.stringMatching(new RegExp(`captions\\.tsv, line 2: .*(?:${says.source})`)) as string,
        });
      }
      expect(await readdir(folder)).not.toContain('never');
    },
  );

  test.each([
    ['captions without a picture', '0.png\tx\n1.png\tx\n', /line 2: there is no picture '1\.png'/, 'FILE_INVALID'],
    ['pictures without a caption', '0.png\tx\n', /2\.png/, 'FILE_INVALID'],
    ['no pictures at all', 'a.png\tx\n', /pictures are 0 files/, 'INVALID_ARGUMENT'],
    ['a path out of the folder', '../0.png\tx\n', /out of the folder/, 'FILE_INVALID'],
  ])('%s', async (what, table, message, code) => {
    const pictures = what.startsWith('no ')
      ? []
      : (['0.png', ...(what.startsWith('pictures') ? ['2.png'] : [])] as const);
    const file = await keep(
      what.replaceAll(' ', '-'),
      table,
      pictures.map((name, n) => [name, patchesPng(n)]),
    );
    for (const outcome of [await train('never', '--data', file), await heed(['data', file, '--json'])]) {
      expect(outcome.code).toBe(1);
      expect(last(outcome)).toMatchObject({ event: 'error', code, message: expect.stringMatching(message) as string });
    }
  });

  test('several tables, and files for the test, are refused', async () => {
    const second = await keep('second', TABLE, []);
    for (const more of [
      ['--data', data, second],
      ['--data', data, '--test', second],
    ]) {
      expect(last(await train('never', ...more))).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('one table, and there are 2'),
      });
    }
  });

  test.each([
    [['train', 'captions'], 'your own files'],
    [['train', 'caption', '--data', 'x.tsv'], 'caption has its own'],
    [['train', 'captions', '--data', 'x.tsv', '--units', 'words'], '--units means nothing for captions'],
    [['train', 'pairs', '--data', 'x.tsv', '--columns', '1,2,3'], 'source and target, and 3 are given'],
    [['data', 'captions'], 'heed data FILE --as captions'],
  ])('%j is refused', async (args, message) => {
    const outcome = await heed(args);
    expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});
