import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeNpy, decodeSafetensors, encodeNpy, encodeSafetensors } from '@heed/formats';
import { readModel } from '@heed/keras';
import { beforeEach, describe, expect, test } from 'vitest';
import { events, heed, temporaryFolder, type Outcome } from './heed.js';

const MODELS = fileURLToPath(new URL('../../../vectors/keras/models', import.meta.url));
const CONFIG = fileURLToPath(new URL('../../../examples/keras/heed.config.ts', import.meta.url));
const SCORES = join(MODELS, 'mha_scores');

let folder: string;
const file = (name: string): string => join(folder, name);
const keras = (...args: string[]): Promise<Outcome> => heed(['keras', ...args], { cwd: folder });

beforeEach(async () => {
  folder = await temporaryFolder();
});

describe('what is in a model', () => {
  test('inputs, outputs, layers, weights and the layers that can show attention', async () => {
    const { stdout, code } = await keras(SCORES);
    expect(code).toBe(0);
    expect(stdout).toContain('input     series [·, 5, 6] float32');
    expect(stdout).toContain('weights   282 (282 trainable)');
    expect(stdout).toContain('attention mha');
    expect(stdout).toMatch(/mha +MultiHeadAttention +168 {2}\[6, 2, 3\]/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const [model] = events(await keras(SCORES, '--json'));
    expect(model).toMatchObject({ event: 'model', name: 'mha_scores', parameters: 282, attention: ['mha'] });
  });

  test('models within models, and JSON with its weights beside it', async () => {
    const nested = await keras(join(MODELS, 'nested_gru_mha'));
    expect(nested.stdout).toContain('attention encoder/mha');
    expect(nested.stdout).toMatch(/\n {2}gru +GRU +216/);
    const apart = ['model.json', '--weights', 'w.weights.h5'];
    await cp(join(SCORES, 'model.json'), file('model.json'));
    await cp(join(SCORES, 'model.weights.h5'), file('w.weights.h5'));
    expect((await keras(...apart)).stdout).toContain('weights   282');
  });
});

describe('running it', () => {
  const io = join(SCORES, 'io.safetensors');

  test('outputs to a file, maps of each layer, row and head, and a comparison with what is expected', async () => {
    const run = ['--input', io, '--out', 'y.safetensors', '--maps', '--maps-out', 'maps.csv', '--check', io];
    const { stdout, stderr, code } = await keras(join(SCORES, 'model.keras'), ...run);
    expect(code).toBe(0);
    expect(stdout).toContain('output 0 [3,2] 0.9103 −0.555');
    expect(stdout).toContain('mha, row 2, head 1');
    expect(stdout).toMatch(/output 1: agrees, within \d/);
    expect(stderr).toContain('written to maps.csv');
    expect((await readFile(file('maps.csv'), 'utf8')).length).toBeGreaterThan(500);
    const written = decodeSafetensors(await readFile(file('y.safetensors'))).tensors;
    const wanted = decodeSafetensors(await readFile(io)).tensors;
    expect(written['output/1']!.shape).toEqual([3, 2, 5, 5]);
    expect(Math.abs(written['output/0']!.data[0]! - wanted['output/0']!.data[0]!)).toBeLessThan(1e-6);
    const all = events(await keras(SCORES, '--input', io, '--maps', '--json'));
    expect(all.filter(({ event }) => event === 'map')).toHaveLength(6);
  });

  test('inputs by name, from .npy and JSON; one output to .npy', async () => {
    const tensors = decodeSafetensors(await readFile(join(MODELS, 'mha_keywords', 'io.safetensors'))).tensors;
    const inputs: string[] = [];
    for (const [key, array] of Object.entries(tensors)) {
      if (!key.startsWith('input/')) continue;
      const name = key.slice(6);
      await writeFile(file(`${name}.npy`), encodeNpy(array));
      inputs.push(`${name}=${name}.npy`);
    }
    expect(inputs).toHaveLength(4);
    const model = join(MODELS, 'mha_keywords');
    expect((await keras(model, '--input', ...inputs, '--out', 'y.npy')).code).toBe(0);
    const { data } = decodeNpy(await readFile(file('y.npy')));
    expect(data[0]).toBeCloseTo(tensors['output/0']!.data[0]!, 5);
    const missing = await keras(model, '--input', inputs[0]!);
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('is missing')]);
  });

  test('an input of another shape is refused before anything runs', async () => {
    await writeFile(file('x.json'), '[[1, 2, 3]]');
    const { code, stderr } = await keras(SCORES, '--input', 'x.json');
    expect(code).toBe(2);
    expect(stderr).toContain('input series is [1, 3]');
    expect(stderr).toContain('the model takes [any, 5, 6]');
  });
});

describe('--check of a folder', () => {
  test.each(['cpu', 'wasm', 'composed'])(
    'holds each of its files to the numbers, with layers of a configuration, on %s',
    async (backend) => {
      const { code, stdout } = await keras(
        join(MODELS, 'transformer_encoder'),
        '--check',
        '--config',
        CONFIG,
        '--backend',
        backend,
      );
      expect(code).toBe(0);
      expect(stdout.match(/agrees/g)).toHaveLength(3);
      expect(stdout).toContain('model.json + model.weights.h5, output 0: agrees');
    },
  );

  test('exit code 3 when a number is another one', async () => {
    await cp(SCORES, folder, { recursive: true });
    const { tensors } = decodeSafetensors(await readFile(file('io.safetensors')));
    (tensors['output/0']!.data as Float32Array)[1]! += 0.01;
    await writeFile(file('io.safetensors'), encodeSafetensors(tensors));
    const { code, stdout } = await keras('.', '--check');
    expect(code).toBe(3);
    expect(stdout).toMatch(/model\.keras, output 0: differs by 0\.0\d+, more than 1·10⁻⁵/);
    expect(stdout).toContain('model.keras, output 1: agrees');
    expect((await keras('.', '--check', '--tolerance', '0.1')).code).toBe(0);
  });

  test('exit code 3 when a weight is another one', async () => {
    await cp(SCORES, folder, { recursive: true });
    const bytes = new Uint8Array(await readFile(file('model.h5')));
    const { weights } = readModel(bytes);
    const { values } = (weights as { file: { weight(path: string): { values: Float32Array } } }).file.weight(
      'model_weights/head/head/kernel',
    );
    const at = Buffer.from(bytes).indexOf(Buffer.from(values.buffer, 0, 16));
    new DataView(bytes.buffer).setFloat32(at, values[0]! + 0.1, true);
    await writeFile(file('model.h5'), bytes);
    const { code, stdout } = await keras('.', '--check');
    expect(code).toBe(3);
    expect(stdout).toContain('model.h5, output 0: differs');
    expect(stdout).toContain('model.keras, output 0: agrees');
  });
});

describe('what it refuses', () => {
  test.each([
    [['none.keras'], 1, 'there is no such file'],
    [[SCORES, '--maps'], 2, '--maps is for a model that runs'],
    [[SCORES, '--check', 'y.npy'], 2, '--check FILE compares outputs'],
    [[join(SCORES, 'model.keras'), '--check'], 2, 'is not a folder'],
    [[join(MODELS, 'bilstm_additive_pool')], 1, 'layer pool is a Custom>AdditivePool, which is not known'],
    [[join(SCORES, 'model.keras'), '--weights', 'w.h5'], 2, '--weights is for a model that is JSON alone'],
  ])('%j', async (args, wanted, message) => {
    const { code, stderr, stdout } = await keras(...args);
    expect([code, stdout]).toEqual([wanted, '']);
    expect(stderr).toContain(message);
  });

  test('a damaged file, by its name', async () => {
    const bytes = await readFile(join(SCORES, 'model.keras'));
    await writeFile(file('half.keras'), bytes.subarray(0, bytes.length / 2));
    const { code, stderr } = await keras('half.keras');
    expect(code).toBe(1);
    expect(stderr).toContain('error FILE_INVALID: "half.keras"');
  });
});
