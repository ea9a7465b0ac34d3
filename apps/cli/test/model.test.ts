import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { events, heed, temporaryFolder } from './heed.js';

let model: string;

beforeAll(async () => {
  model = await mkdtemp(join(tmpdir(), 'heed-model-'));
  const { code } = await heed(['train', 'g2p', '--out', model, '--steps', '12', '--batch-size', '8', '--overwrite']);
  expect(code).toBe(0);
});

afterAll(() => rm(model, { recursive: true }));

interface Result {
  event: string;
  input: string;
  output: string;
  inputSymbols: string[];
  outputSymbols: string[];
  weights: number[][];
}

interface Reliable {
  readonly expectedCalibrationError: Readonly<Record<'before' | 'after', number>>;
  readonly reliability: Readonly<Record<'before' | 'after', readonly { readonly count: number }[]>> & {
    readonly examples: number;
  };
}

describe('run', () => {
  test('one object a word from standard input', async () => {
    const outcome = await heed(['run', model, '--json'], { input: 'attention\nMechanism\r\n\nzoo' });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const results = events(outcome) as unknown as Result[];
    expect(results.map(({ input }) => input)).toEqual(['attention', 'Mechanism', 'zoo']);
    for (const { input, output, inputSymbols, outputSymbols, weights } of results) {
      expect(inputSymbols.join('')).toBe(input.toLowerCase());
      expect(output).toBe(outputSymbols.join(' '));
      expect(weights).toHaveLength(outputSymbols.length);
      for (const row of weights) {
        expect(row).toHaveLength(inputSymbols.length);
        expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
      }
    }
  });

  test('a word is said the same alone and in company', async () => {
    const alone = events(await heed(['run', model, 'mechanism', '--json']));
    const many = events(await heed(['run', model, 'a', 'mechanism', 'extraordinarily', '--json']));
    expect(many[1]).toEqual(alone[0]);
  });

  test('draws the map for people, without escape codes when nobody looks', async () => {
    const { code, stdout } = await heed(['run', model, 'cat']);
    expect(code).toBe(0);
    const [heading, columns] = stdout.split('\n');
    expect(heading).toMatch(/^cat {2}[A-Z ]+( {2}(under |over )?\d+ %)?$/);
    expect(columns).toMatch(/^ +c a t$/);
    expect(stdout).not.toContain('\u001b');
    expect((await heed(['run', model, 'cat', '--no-maps'])).stdout.split('\n')).toEqual([heading, '']);
    expect((await heed(['run', model, 'cat'], { env: { FORCE_COLOR: '3' } })).stdout).toContain('\u001b[48;2;');
  });

  test('--beam gives alternatives, best first', async () => {
    const [result] = events(await heed(['run', model, 'cat', '--beam', '3', '--json']));
    const alternatives = result!['alternatives'] as { output: string }[];
    expect(new Set([result!['output'], ...alternatives.map(({ output }) => output)]).size).toBe(3);
  });

  test('--sample takes words of the test split and says what is right', async () => {
    const sample = async (seed: string): Promise<Record<string, unknown>[]> =>
      events(await heed(['run', model, '--sample', '3', '--seed', seed, '--json']));
    const first = await sample('5');
    expect(first).toHaveLength(3);
    expect(first[0]).toMatchObject({ expected: [expect.any(String)], correct: expect.any(Boolean) });
    expect((await sample('6')).map(({ input }) => input)).not.toEqual(first.map(({ input }) => input));
  });

  test('--out writes every map of the run', async () => {
    const folder = await temporaryFolder();
    const out = join(folder, 'maps.json');
    expect((await heed(['run', model, 'cat', 'dog', '--out', out])).code).toBe(0);
    const { maps } = JSON.parse(await readFile(out, 'utf8')) as { maps: { columnLabels: string[] }[] };
    expect(maps.map(({ columnLabels }) => columnLabels.join(''))).toEqual(['cat', 'dog']);
    expect(await readdir(folder)).toEqual(['maps.json']);
  });

  test('a wrong word is an error of its own, and the others are said', async () => {
    const outcome = await heed(['run', model, '日本', 'cat', '--json']);
    expect(outcome.code).toBe(1);
    expect(events(outcome)).toMatchObject([
      { event: 'error', input: '日本', code: 'INVALID_ARGUMENT' },
      { event: 'result', input: 'cat' },
    ]);
    expect(outcome.stderr).toMatch(/^error INVALID_ARGUMENT: /);
    const none = await heed(['run', model, '日本', '--out', join(await temporaryFolder(), 'map.svg')]);
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('no attention map to write') });
  });

  test.each(['', '\n \n'])('nothing but %j piped in is a mistake', async (input) => {
    const { code, stderr } = await heed(['run', model], { input });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('no inputs: what is piped in is empty'),
    });
  });

  test('what is typed moves no cursor', async () => {
    const { stdout } = await heed(['run', 'spam', 'free \u001b[31mmoney\u001b]0;title\u0007', '--no-maps']);
    expect(stdout).toMatch(/^free \[31mmoney\]0;title {2}(ham|spam)/);
  });

  test('goes on without a reader of what it says beside', async () => {
    const { code, stdout } = await heed(['eval', model, '--limit', '300', '--json'], {
      onStart: (child) => child.stderr!.destroy(),
    });
    expect({ code, last: JSON.parse(stdout.trim().split('\n').at(-1)!) as object }).toMatchObject({
      code: 0,
      last: { event: 'done', examples: 300 },
    });
  });

  test('--interactive answers each line', async () => {
    const { code, stdout, stderr } = await heed(['run', model, '--interactive', '--no-maps'], {
      input: 'cat\n\n7\ndog\n',
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^cat .*\ndog .*\n$/);
    expect(stderr).toContain('error INVALID_ARGUMENT');
  });

  test('a reader that goes away ends it quietly', async () => {
    const { code, stderr } = await heed(['run', model, '--json'], {
      input: 'attention\n'.repeat(2000),
      onOutput: (child) => child.stdout!.destroy(),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('what is no run is one clear error', async () => {
    const folder = await temporaryFolder();
    for (const [args, error] of [
      [['run', join(folder, 'nowhere'), 'cat'], 'FILE_ACCESS'],
      [['eval', folder], 'FILE_ACCESS'],
    ] as const) {
      const { code, stderr, stdout } = await heed(args);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(new RegExp(`^error ${error}: `));
    }
    await writeFile(join(folder, 'run.json'), '[]');
    expect((await heed(['run', folder, 'cat'])).stderr).toMatch(/^error CHECKPOINT_INVALID: /);
  });
});

interface Judged {
  readonly examples: number;
  readonly figures: Readonly<Record<string, number>>;
}

describe('a shipped model', () => {
  test('answers by the name of its task', async () => {
    const { code, stdout } = await heed(['run', 'g2p', 'attention']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^attention {2}AH T EH N SH AH N {2}\d+ %\n/);
    const [result] = events(await heed(['run', 'g2p', 'attention', '--beam', '4', '--backend', 'cpu', '--json']));
    expect(result).toMatchObject({ output: 'AH T EH N SH AH N', finished: true, unlike: [] });
    expect(result!['confidence']).toBeGreaterThan(0.5);
    expect(result!['confidence']).toBeLessThan(1);
  });

  test('says when an input is unlike what it learnt from', async () => {
    const { stdout } = await heed(['run', 'g2p', 'xqzvkwj', 'a'.repeat(30), '--no-maps']);
    expect(stdout).toMatch(/^xqzvkwj .*\n {2}unlike what it learnt from: less probable than 99 % of the texts/);
    expect(stdout).toContain(
      'longer than any text that it learnt from: 30 characters, the longest had 28; less probable',
    );
    const results = events(await heed(['run', 'g2p', 'xqzvkwj', 'word', '--json']));
    expect(results.map(({ unlike }) => unlike)).toEqual([
      [{ kind: 'improbable', share: 0.99, message: expect.any(String) as string }],
      [],
    ]);
  });

  test('writes only pieces of the language that is asked for', async () => {
    const [result] = events(await heed(['run', 'translate', 'de: Fold All Regions', '--json']));
    expect(result!['output']).not.toMatch(/\p{Script=Han}/u);
  });

  test('has no options that its task has no use for', async () => {
    const { code, stderr } = await heed(['run', 'g2p', 'attention', '--temperature', '0.5']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('--temperature means nothing here') });
  });
});

describe('the sentence encoder', () => {
  test('shows what pieces attend to, and how alike sentences are', async () => {
    const listed = events(await heed(['run', 'use', 'the cat sat', 'a cat was sitting', 'taxes rose', '--json']));
    expect(listed.map(({ event }) => event)).toEqual(['result', 'result', 'result', 'similarities']);
    const { pieces, layers } = listed[0] as unknown as { pieces: string[]; layers: number[][][] };
    expect(pieces.join('')).toBe('▁the▁cat▁sat');
    for (const row of layers.flat()) expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
    const { similarities } = listed[3] as unknown as { similarities: number[][] };
    expect(similarities[0][1]).toBeGreaterThan(similarities[0][2] + 0.2);
    const some = await heed(['run', 'use', 'the cat sat', '', 'taxes rose', '--json']);
    expect(some.code).toBe(1);
    expect(events(some).map(({ event }) => event)).toEqual(['result', 'error', 'result', 'similarities']);
    const { code, stderr } = await heed(['run', 'use', 'the cat sat', '--beam', '2']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('--beam means nothing here') });
  });
});

describe('eval', () => {
  test('rates with their counts, beside the baseline', async () => {
    const outcome = await heed(['eval', model, '--limit', '40', '--json']);
    expect(outcome.code).toBe(0);
    const done = events(outcome).at(-1) as unknown as Judged & { baselines: Judged[] };
    expect(done).toMatchObject({ event: 'done', task: 'g2p', split: 'test', examples: 40, step: 12 });
    const [baseline] = done.baselines;
    for (const { figures, examples } of [done, baseline!]) {
      expect(figures['wordErrorRate']).toBeCloseTo(figures['wordErrors'] / examples, 10);
      expect(figures['phonemeErrorRate']).toBeCloseTo(figures['phonemeErrors'] / figures['phonemes'], 10);
    }
    const { expectedCalibrationError: error, reliability } = events(outcome).at(-1) as unknown as Reliable;
    for (const one of [error.before, error.after]) expect(one >= 0 && one <= 1).toBe(true);
    expect(reliability.examples).toBe(40);
    for (const bins of [reliability.before, reliability.after])
      expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(40);
    // A letter's most common phoneme is right about half of the time, and almost never for a whole word.
    expect(baseline!.figures['phonemeErrorRate']).toBeGreaterThan(0.3);
    expect(baseline!.figures['phonemeErrorRate']).toBeLessThan(0.7);
  });

  test('calibrates a run, which then says how sure it is, as long as its model stays the same', async () => {
    await heed(['eval', model, '--split', 'validation']);
    const calibrated = async (): Promise<boolean> => {
      const [result] = events(await heed(['run', model, 'cat', '--json']));
      return typeof result!['confidence'] === 'number' && Array.isArray(result!['unlike']);
    };
    expect(await calibrated()).toBe(true);
    const path = join(model, 'calibration.json');
    const kept = await readFile(path, 'utf8');
    await writeFile(path, kept.replace(/"model":"[0-9a-f]{64}"/, `"model":"${'0'.repeat(64)}"`));
    expect(await calibrated()).toBe(false);
    await writeFile(path, '{}');
    const broken = await heed(['run', model, 'cat', '--json']);
    expect(broken.code).toBe(1);
    expect(events(broken)[0]).toMatchObject({ event: 'error', code: 'FILE_INVALID' });
    await rm(path);
    expect(await calibrated()).toBe(false);
  });

  test('as text; another split; the seed chooses the words', async () => {
    const { code, stdout } = await heed(['eval', model, '--limit', '20', '--split', 'validation']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/word error .* % {2}phoneme error .* %/);
    expect(stdout).toContain('most common phoneme per letter');
    const phonemes = async (seed: string): Promise<unknown> =>
      events(await heed(['eval', model, '--limit', '20', '--seed', seed, '--json'])).at(-1)!['baselines'];
    expect(await phonemes('1')).not.toEqual(await phonemes('2'));
  });
});
