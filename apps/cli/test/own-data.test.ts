import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { events, heed, type Outcome } from './heed.js';

const COMMON = ['--backend', 'wasm', '--threads', '1', '--seed', '3', '--json'];

/** Words of three to six letters, and the same letters from the last to the first, with spaces between. */
function rows(count: number): readonly (readonly [string, string])[] {
  let state = 1;
  const letter = (): string => 'abcdefghij'[(state = (state * 48_271) % 2_147_483_647) % 10];
  return Array.from({ length: count }, (_, n) => {
    const word = Array.from({ length: 3 + (n % 4) }, letter);
    return [word.join(''), word.toReversed().join(' ')];
  });
}

const tsv = (count: number): string =>
  rows(count)
    .map((row) => `${row.join('\t')}\n`)
    .join('');

let folder: string;
let data: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-own-'));
  data = join(folder, 'words.tsv');
  await writeFile(data, tsv(400));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const train = (kind: string, out: string, ...more: string[]): Promise<Outcome> =>
  heed(['train', kind, '--out', join(folder, out), '--steps', '6', '--batch-size', '4', ...COMMON, ...more], {});

const last = (outcome: Outcome): Record<string, unknown> => events(outcome).at(-1)!;

describe('pairs of a file', () => {
  test('train, answer, and are judged beside the simplest guesses', async () => {
    const trained = await train('pairs', 'pairs', '--data', data, '--preset', 'small');
    expect(trained).toMatchObject({ code: 0 });
    expect(last(trained)).toMatchObject({ event: 'done', reason: 'finished', step: 6 });
    const card = JSON.parse(await readFile(join(folder, 'pairs', 'card.json'), 'utf8')) as Record<string, unknown>;
    expect(card).toMatchObject({
      task: 'pairs',
      seed: 3,
      steps: 6,
      data: { title: expect.stringContaining('words.tsv'), version: expect.stringContaining('sha256:') },
      command: expect.stringContaining('heed train pairs --data words.tsv'),
      evaluations: [{ split: 'test', figures: { exact: expect.any(Number) } }],
    });
    expect(JSON.stringify(card)).not.toContain(folder);

    const answered = await heed(['run', join(folder, 'pairs'), 'abcd', 'hij', ...COMMON]);
    expect(events(answered).filter(({ event }) => event === 'result')).toMatchObject([
      { input: 'abcd', inputSymbols: ['a', 'b', 'c', 'd'] },
      { input: 'hij' },
    ]);

    const judged = await heed(['eval', join(folder, 'pairs'), '--backend', 'wasm', '--json']);
    expect(last(judged)).toMatchObject({ event: 'done', task: 'pairs', figures: { exact: expect.any(Number) } });
    expect((last(judged)['baselines'] as { title: string }[]).map(({ title }) => title)).toEqual([
      'most common target',
      'target of the most similar source',
    ]);
  });

  test('the file may move, and must not change', async () => {
    const own = join(folder, 'moved.tsv');
    await writeFile(own, tsv(300));
    expect((await train('pairs', 'moved', '--data', own, '--preset', 'small')).code).toBe(0);
    const elsewhere = join(folder, 'elsewhere.tsv');
    await rename(own, elsewhere);
    const gone = await heed(['eval', join(folder, 'moved'), '--backend', 'wasm', '--json']);
    expect(last(gone)).toMatchObject({ event: 'error', code: 'FILE_ACCESS' });
    const found = await heed(['eval', join(folder, 'moved'), '--data', elsewhere, '--backend', 'wasm', '--json']);
    // The name is a part of what the data are known by; what was read is what counts.
    expect(last(found)['event']).toBe('done');
    await writeFile(elsewhere, tsv(301));
    const changed = await heed(['eval', join(folder, 'moved'), '--data', elsewhere, '--backend', 'wasm', '--json']);
    expect(last(changed)).toMatchObject({ event: 'error', code: 'CHECKPOINT_INVALID' });
  });

  test('interrupted and resumed, a run ends as one that was not', async () => {
    const flags = ['--data', data, '--preset', 'small'];
    expect((await train('pairs', 'whole', ...flags)).code).toBe(0);
    expect(last(await train('pairs', 'parts', ...flags, '--max-time', '0.001s'))).toMatchObject({
      event: 'done',
    });
    const resumed = await heed([
      'train',
      'pairs',
      '--out',
      join(folder, 'parts'),
      '--backend',
      'wasm',
      '--json',
      '--resume',
    ]);
    expect(last(resumed)).toMatchObject({ event: 'done', step: 6 });
    for (const file of ['model.safetensors', 'training.safetensors']) {
      expect(await readFile(join(folder, 'parts', file))).toEqual(await readFile(join(folder, 'whole', file)));
    }
  });

  test('what helped is told with intervals, and is not trained twice', async () => {
    expect((await train('pairs', 'helped', '--data', data, '--preset', 'small')).code).toBe(0);
    const args = [
      'eval',
      join(folder, 'helped'),
      '--compare',
      'none',
      '--seeds',
      '2',
      '--limit',
      '20',
      '--backend',
      'wasm',
      '--json',
    ];
    const first = await heed(args);
    expect(events(first).find(({ event }) => event === 'comparison')).toMatchObject({
      seeds: 2,
      own: { title: "Luong's general attention", judgements: [{ examples: 20 }, { examples: 20 }] },
      other: { title: 'no attention', judgements: [{ examples: 20 }, { examples: 20 }] },
      figures: expect.arrayContaining([
        expect.objectContaining({
          key: 'exact',
          difference: { mean: expect.any(Number), half: expect.any(Number) },
        }),
      ]),
    });
    expect((await readdir(join(folder, 'helped-compared'))).toSorted()).toEqual([
      'none-seed3',
      'none-seed4',
      'own-seed4',
    ]);
    const again = await heed(args);
    expect(events(again).find(({ event }) => event === 'comparison')).toEqual(
      events(first).find(({ event }) => event === 'comparison'),
    );
  });
});

/** Holds the command on a run's card to the flags that there are. */
async function checkCommandOnCard(run: string): Promise<void> {
  const { command } = JSON.parse(await readFile(join(folder, run, 'card.json'), 'utf8')) as { command: string };
  const { stdout: help } = await heed(['train', '--help']);
  const flags = command.split(' ').filter((word) => word.startsWith('--'));
  expect(flags).toContain('--data');
  expect(flags.filter((flag) => !help.includes(`  ${flag} `))).toEqual([]);
}

test('labels of a file train and answer', async () => {
  const file = join(folder, 'mails.tsv');
  const texts = Array.from({ length: 120 }, (_, n) =>
    n % 2 === 0
      ? `a good day number ${'one two three four five'.split(' ')[n % 5]} of ${n}\tglad`
      : `bad news again, the ${n}th time\tsad`,
  );
  await writeFile(file, `${texts.join('\n')}\n`);
  expect((await train('labels', 'labels', '--data', file)).code).toBe(0);
  await checkCommandOnCard('labels');
  const [result] = events(await heed(['run', join(folder, 'labels'), 'what a good day', ...COMMON]));
  expect(result).toMatchObject({
    event: 'result',
    probabilities: { glad: expect.any(Number), sad: expect.any(Number) },
  });
});

test('text of a file trains and writes, several samples of a beginning', async () => {
  const file = join(folder, 'story.txt');
  const lines = rows(600).map(([a, b], n) => `The ${a} sat on the ${b}, number ${n}.${n % 20 === 19 ? '\n\n' : ''}`);
  await writeFile(file, lines.join(' '));
  expect((await train('text', 'text', '--data', file, '--window', '32', '--preset', 'lstm')).code).toBe(0);
  await checkCommandOnCard('text');
  const written = events(await heed(['run', join(folder, 'text'), 'The ', '--count', '3', '--length', '5', ...COMMON]));
  expect(written.filter(({ event }) => event === 'result').map(({ sample }) => sample)).toEqual([1, 2, 3]);
});

describe('refusals before any training', () => {
  const refused = async (args: readonly string[]): Promise<{ code: unknown; message: string; exit: number | null }> => {
    const outcome = await heed([...args, '--out', join(folder, 'never'), '--backend', 'wasm', '--json']);
    const { code, message } = last(outcome) as { code: string; message: string };
    return { code, message, exit: outcome.code };
  };

  test.each([
    ['no file', ['train', 'pairs'], 'USAGE', 'your own files'],
    ['a file for a task with its own data', ['train', 'g2p', '--data', 'x'], 'USAGE', '--data is of your own data'],
    [
      'a setting of another kind',
      ['train', 'labels', '--data', 'x', '--units', 'words'],
      'USAGE',
      '--units means nothing',
    ],
    ['a file that isn’t there', ['train', 'pairs', '--data', '/nonexistent.tsv'], 'FILE_ACCESS', 'nonexistent'],
    ['an unknown kind', ['train', 'pair', '--data', 'x'], 'USAGE', 'pair'],
  ])('%s', async (_, args, code, message) => {
    expect(await refused(args)).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(await readdir(folder)).not.toContain('never');
  });
});

describe('data of files', () => {
  const surveyed = async (name: string, text: string, ...more: string[]): Promise<Outcome> => {
    const file = join(folder, name);
    await writeFile(file, text);
    return heed(['data', file, '--json', ...more]);
  };

  test('tells counts, lengths, characters and rows that look wrong', async () => {
    const outcome = await surveyed('odd.tsv', `${tsv(80)}thé\tthé\ncafÃ©\tcoffee\n`);
    expect(outcome.code).toBe(0);
    expect(events(outcome)[0]).toMatchObject({
      event: 'data',
      kind: 'pairs',
      counts: { rows: 82, train: expect.any(Number), test: expect.any(Number) },
      lengths: { source: { least: 3, most: expect.any(Number) } },
      alphabets: { source: { scripts: [['Latin', expect.any(Number)]] } },
      suspicions: expect.arrayContaining([
        expect.objectContaining({ rows: 1, first: [{ file: 'odd.tsv', line: 81, text: 'thé' }] }),
        expect.objectContaining({ rows: 1, first: [{ file: 'odd.tsv', line: 82, text: 'cafÃ©' }] }),
      ]),
    });
    expect(outcome.stderr).toContain('looks like pairs; --as labels, text or captions if it isn’t');
  });

  test('takes the settings of training', async () => {
    const outcome = await surveyed(
      'words.csv',
      'word,kind\nhat,noun\ncat,noun\nrun,verb\nsit,verb\n',
      '--header',
      '--as',
      'pairs',
      '--units',
      'characters,words',
      '--validation-share',
      '0',
    );
    expect(events(outcome)[0]).toMatchObject({
      options: { header: true, sourceUnit: 'characters', targetUnit: 'words', validationShare: 0 },
    });
  });

  test.each([
    ['an empty file', 'a.tsv', '', [], 'FILE_INVALID', 'the file is empty'],
    ['a ragged row', 'b.tsv', 'a\tb\nc\n', [], 'FILE_INVALID', 'line 2'],
    ['a column that isn’t there', 'c.tsv', tsv(20), ['--columns', '1,7'], 'INVALID_ARGUMENT', "no column '7'"],
    [
      'a label that occurs once',
      'd.tsv',
      `${'good day\tgood\nbad day\tbad\n'.repeat(9)}odd\tonce\n`,
      ['--as', 'labels'],
      'INVALID_ARGUMENT',
      'once',
    ],
    ['a quote that isn’t closed', 'e.csv', 'a,b\n"c,d\ne,f\n', [], 'FILE_INVALID', 'line 2'],
    ['a kind that there isn’t', 'f.tsv', tsv(20), ['--as', 'pair'], 'USAGE', '"pair"'],
  ])('%s', async (_, name, text, flags, code, message) => {
    const outcome = await surveyed(name, text, ...flags);
    expect(last(outcome)).toMatchObject({ event: 'error', code, message: expect.stringContaining(message) });
  });

  test('bytes that are no UTF-8 are told with their line', async () => {
    const file = join(folder, 'latin1.tsv');
    await writeFile(file, Buffer.from('a\tb\ncaf\xe9\tcoffee\n', 'latin1'));
    expect(last(await heed(['data', file, '--json']))).toMatchObject({
      event: 'error',
      code: 'FILE_INVALID',
      message: expect.stringContaining('latin1.tsv, line 2'),
    });
  });
});

test('a label that only the test has is refused before any training', async () => {
  const [data, held] = ['mails-train.tsv', 'mails-test.tsv'].map((name) => join(folder, name));
  await writeFile(
    data,
    rows(60)
      .map(([word], n) => `a day of ${word}\t${n % 2 === 0 ? 'glad' : 'sad'}\n`)
      .join(''),
  );
  await writeFile(held, 'strange\tangry\nstranger\tangry\n');
  const outcome = await train('labels', 'angry', '--data', data, '--test', held);
  expect(last(outcome)).toMatchObject({
    event: 'error',
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('angry'),
  });
  expect(await readdir(folder)).not.toContain('angry');
});
