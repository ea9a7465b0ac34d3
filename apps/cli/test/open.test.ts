import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
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

  test('of sentence-transformers says how its embeddings are made', async () => {
    const changed = join(folder, 'sentences');
    await cp(join(FOLDERS, 'bert'), changed, { recursive: true });
    const type = (kind: string, path: string): object => ({ path, type: `sentence_transformers.models.${kind}` });
    const modules = [type('Transformer', ''), type('Pooling', '1_Pooling'), type('Normalize', '2_Normalize')];
    await writeFile(join(changed, 'modules.json'), JSON.stringify(modules));
    await mkdir(join(changed, '1_Pooling'));
    await writeFile(join(changed, '1_Pooling', 'config.json'), JSON.stringify({ pooling_mode_mean_tokens: true }));
    expect((await open(changed)).stdout).toMatch(/embeddings +mean, normalized/);
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

/** A file that Pillow wrote, in the test's folder. */
async function pictureFile(kind: string, name: string): Promise<void> {
  const { files } = JSON.parse(await readFile(join(FOLDERS, '../front-ends/pictures.json'), 'utf8')) as {
    files: { name: string; file: string }[];
  };
  await writeFile(join(folder, name), Buffer.from(files.find((file) => file.name === kind)!.file, 'base64'));
}

describe('a picture', () => {
  test('is classified, and a head’s map lies over its patches', async () => {
    await pictureFile('RGB', 'a.png');
    const { stdout, code } = await open('vit', 'a.png', '--layer', '0', '--head', '1', '--out', 'maps.json');
    expect(code).toBe(0);
    expect(stdout).toContain('a.png: 13 by 9 pixels');
    expect(stdout).toMatch(/(checks|disc|gradient) \d+\.\d %/);
    expect(stdout).toContain('layer 0, head 1\n');
    expect(stdout).toMatch(/'\[CLS\]': \d+ % (on the|all over)/);
    const { overlays } = JSON.parse(await readFile(join(folder, 'maps.json'), 'utf8')) as {
      overlays: { title: string; grid: number[]; picture: object; steps: { word: string; weights: number[] }[] }[];
    };
    expect(overlays).toHaveLength(1);
    expect(overlays[0]).toMatchObject({ title: 'layer 0, head 1', grid: [4, 4], picture: { width: 32, height: 32 } });
    expect(overlays[0]!.steps.map(({ word, weights }) => [word, weights.length])).toEqual([['[CLS]', 16]]);
  });

  test('is written under its maps, of all layers and heads', async () => {
    await pictureFile('RGB', 'a.png');
    expect((await open('vit', 'a.png', '--out', 'maps.html')).code).toBe(0);
    const html = await readFile(join(folder, 'maps.html'), 'utf8');
    expect(html.match(/<h2>layer \d, head \d<\/h2>/g)!.length).toBeGreaterThan(1);
    expect(html).toMatch(/role="img" aria-label="&#39;\[CLS\]&#39;: \d+ % /);
    // Texts beside it have maps of their own, and a file holds them all as maps.
    await open('clip', 'a.png', 'a red boat', '--layer', '0', '--head', '0', '--out', 'maps.json');
    const { maps } = JSON.parse(await readFile(join(folder, 'maps.json'), 'utf8')) as { maps: { title: string }[] };
    expect(maps.map(({ title }) => title)).toEqual(['a.png: layer 0, head 0, [CLS]', 'a red boat: layer 0, head 0']);
  });

  test('is rolled out through the layers', async () => {
    await pictureFile('RGB', 'a.png');
    const all = events(await open('vit', 'a.png', '--rollout', '--json'));
    const map = all.find(({ event }) => event === 'map') as { weights: number[][] };
    expect(map).toMatchObject({ layer: 1, rollout: true, token: '[CLS]' });
    // The rest of what it holds is its own.
    expect(map.weights.flat().reduce((sum, weight) => sum + weight, 0)).toBeLessThan(0.75);
  });

  test('is compared with texts', async () => {
    await pictureFile('JPEG', 'a.jpg');
    const all = events(await open('clip', 'a.jpg', 'a red boat', 'the miller', '--json'));
    const { likeness } = all.find(({ event }) => event === 'result') as {
      likeness: { picture: string; texts: { text: string; probability: number }[] }[];
    };
    expect(likeness.map(({ picture, texts }) => [picture, ...texts.map(({ text }) => text)])).toEqual([
      ['a.jpg', 'a red boat', 'the miller'],
    ]);
    expect(likeness[0]!.texts.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
    expect(all.filter(({ event }) => event === 'map').map(({ of }) => of)).toEqual([
      'a.jpg',
      'a red boat',
      'the miller',
    ]);
  });

  test.each([
    ['bert', ['a.png'], 'BertForMaskedLM reads no pictures'],
    ['vit', ['a text'], 'ViTForImageClassification reads no texts'],
    ['clip', ['a.png'], 'CLIPModel takes a text and a picture'],
    ['vit', ['a.png', 'b.png'], 'there are 2 pictures'],
  ])('is refused by %s of %j', async (name, inputs, message) => {
    expect(await open(name, ...inputs)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) as string });
  });

  test('that is none is refused', async () => {
    await writeFile(join(folder, 'a.png'), 'GIF89a');
    expect(await open('vit', 'a.png')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('FILE_INVALID: "a.png": the file is a GIF') as string,
    });
  });
});

test('a sound is written down, with a map over its time', async () => {
  const all = events(await open('whisper', join(FOLDERS, 'whisper/audio-1.wav'), '--length', '3', '--json'));
  expect(all.find(({ event }) => event === 'sound')).toMatchObject({ seconds: 0.5, sampleRate: 16_000, channels: 1 });
  const { weights } = all.find(({ event }) => event === 'map') as { weights: number[][] };
  // Ten of the twenty states are of silence after the sound.
  expect(weights.map((row) => row.length)).toEqual([10, 10, 10, 10]);
  const heard = events(
    await open('whisper', join(FOLDERS, 'whisper/audio-1.wav'), '--length', '1', '--part', 'encoder', '--json'),
  ).find(({ event }) => event === 'map') as { weights: number[][] };
  expect(heard.weights.map((row) => row.length)).toEqual(Array.from({ length: 10 }, () => 10));
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
