import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { events, heed, temporaryFolder, type Outcome } from './heed.js';

const FOLDERS = fileURLToPath(new URL('../../../vectors/hugging-face', import.meta.url));

let folder: string;
const open = (name: string, ...args: string[]): Promise<Outcome> =>
  heed(['open', name.startsWith('/') ? name : join(FOLDERS, name), ...args], { cwd: folder });

beforeEach(async () => {
  folder = await temporaryFolder();
});

describe('a folder', () => {
  test('says what it is', async () => {
    const { stdout, code } = await open('bert_names/old_names');
    expect(code).toBe(0);
    expect(stdout).toContain('BertForMaskedLM');
    expect(stdout).toMatch(/weights +30,944 in 42 tensors/);
    expect(stdout).toContain('cls.seq_relationship.weight');
    const [model] = events(await open('gpt2', '--json'));
    expect(model).toMatchObject({ event: 'model', architecture: 'GPT2LMHeadModel', parameters: 39584 });
  });

  test('that is none, or has no model, is refused', async () => {
    expect(await open(join(folder, 'nowhere'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nowhere') as string,
    });
    const empty = await open(folder);
    expect([empty.code, empty.stderr]).toEqual([1, expect.stringContaining('there is no config.json')]);
    const alone = await open('gpt2', '--head', '1');
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('--head is for a text')]);
  });
});

describe('a text', () => {
  test('is continued, with the map of a head over prompt and continuation', async () => {
    const { stdout, code } = await open('gpt2', 'The old miller', '--length', '5', '--layer', '0', '--head', '2');
    expect(code).toBe(0);
    expect(stdout).toContain('The Ġold Ġm il l er');
    expect(stdout).toContain('layer 0, head 2');
    const all = events(await open('gpt2', 'The old miller', '--length', '5', '--json'));
    const map = all.find(({ event }) => event === 'map') as { weights: number[][]; layer: number; head: null };
    expect([map.layer, map.head, map.weights.length]).toEqual([1, null, 11]);
    for (const row of map.weights) expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    expect((all.find(({ event }) => event === 'result') as { ids: number[] }).ids).toHaveLength(5);
  });

  test('has its masks filled, or is classified, and all maps go to a file', async () => {
    const masked = await open('bert', 'A [MASK] red boat.', '--out', 'maps.json', '--no-maps');
    expect(masked.stdout).toMatch(/\[MASK\] at 2: .* 15\.9 %/);
    expect(JSON.parse(await readFile(join(folder, 'maps.json'), 'utf8'))).toMatchObject({
      maps: expect.objectContaining({ length: 8 }) as object,
    });
    expect((await open('bert_seqcls', 'A red boat.', '--pair', 'It is here.')).stdout).toMatch(/neutral \d+\.\d %/);
  });

  test('is read by an encoder, and a decoder’s maps are over its tokens', async () => {
    const all = events(await open('t5', 'The old miller', '--length', '4', '--beam', '2', '--json'));
    const { tokens } = all.find(({ event }) => event === 'tokens') as { tokens: string[] };
    const { weights } = all.find(({ event }) => event === 'map') as { weights: number[][] };
    expect([weights.length, weights[0]!.length]).toEqual([5, tokens.length]);
  });

  test('with a layer that there is not is refused', async () => {
    const { code, stderr } = await open('gpt2', 'The', '--layer', '2');
    expect([code, stderr]).toEqual([2, expect.stringContaining('the model has 2, counted from 0')]);
  });
});

describe('--check', () => {
  test('agrees, for variants too', async () => {
    const { stdout, code } = await open('gpt2_variants', '--check');
    expect(code).toBe(0);
    expect(stdout).toContain('bf16, right: last_hidden_state: agrees, within');
    const done = events(await open('gpt2', '--check', '--json')).at(-1);
    expect(done).toMatchObject({ event: 'done', family: 'gpt2', failed: 0 });
  });

  test('fails where a number differs', async () => {
    const changed = join(folder, 'gpt2');
    await cp(join(FOLDERS, 'gpt2'), changed, { recursive: true });
    const expected = JSON.parse(await readFile(join(changed, 'expected.json'), 'utf8')) as {
      generate: { greedy: { sequences: number[][] } };
    };
    expected.generate.greedy.sequences[1]![20]! += 1;
    await writeFile(join(changed, 'expected.json'), JSON.stringify(expected));
    const { stdout, code } = await open(changed, '--check');
    expect(code).toBe(3);
    expect(stdout).toContain('greedy: 3 continuations: 1 differ; continuation 1 is');
    expect((await open('gpt2', '--check', '--tolerance', '1e-9')).code).toBe(3);
  });
});
