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

  test('is rolled out through the layers, to one or to each', async () => {
    const all = events(await open('bert', 'A red boat.', '--rollout', '--out', 'rollout.json', '--json'));
    const map = all.find(({ event }) => event === 'map') as { layer: number; weights: number[][] };
    expect(map).toMatchObject({ layer: 1, head: null, rollout: true });
    for (const row of map.weights) expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    // Half of what a position holds after a layer comes past its attention.
    for (const [n, row] of map.weights.entries()) expect(row[n]).toBeGreaterThanOrEqual(0.25);
    const { maps } = JSON.parse(await readFile(join(folder, 'rollout.json'), 'utf8')) as { maps: { title: string }[] };
    expect(maps.map(({ title }) => title)).toEqual(['rollout of layers 0 to 0', 'rollout of layers 0 to 1']);
  });

  test('has maps of an encoder, of a decoder, or between them', async () => {
    const shapeOf = async (...flags: string[]): Promise<number[]> => {
      const all = events(await open('t5', 'The old miller', '--length', '4', '--json', ...flags));
      const { weights } = all.find(({ event }) => event === 'map') as { weights: number[][] };
      return [weights.length, weights[0]!.length];
    };
    const [made, source] = await shapeOf('--part', 'cross', '--head', 'mean');
    expect(made).not.toBe(source);
    expect(await shapeOf('--part', 'encoder', '--head', '1')).toEqual([source, source]);
    expect(await shapeOf('--part', 'decoder', '--rollout')).toEqual([made, made]);
  });

  test('in a part, or rolled out, where there is none is refused', async () => {
    const parts = await open('bert', 'A', '--part', 'encoder');
    expect([parts.code, parts.stderr]).toEqual([2, expect.stringContaining('BertForMaskedLM has no parts')]);
    const cross = await open('t5', 'A', '--rollout');
    expect([cross.code, cross.stderr]).toEqual([2, expect.stringContaining('add --part encoder')]);
    const head = await open('bert', 'A', '--rollout', '--head', '0');
    expect([head.code, head.stderr]).toEqual([2, expect.stringContaining('--rollout is of all heads')]);
    expect((await open('t5', 'A', '--part', 'middle')).stderr).toContain('It must be cross, encoder, decoder.');
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
