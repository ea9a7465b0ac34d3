import '@tensorflow/tfjs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeSafetensors, openSafetensors, type Tensors } from '@heed/formats';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stateOf, under } from '../test/cases.js';
import { loadTorch, toTorch } from './index.js';
import { loadTorchFile } from './node.js';

let folder: string;
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'heed-torch-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("of a file the module's own tensors are read, and no others", async () => {
  const state = { ...under('rnn', stateOf('gru')), ...under('attend', stateOf('mha-self')) } as Tensors;
  const bytes = encodeSafetensors(state);
  const file = await openSafetensors({ size: bytes.length, read: async (start, end) => bytes.slice(start, end) });
  const read: string[] = [];
  const watched = { ...file, read: (name: string) => (read.push(name), file.read(name)) };
  const module = await loadTorch(watched, { kind: 'GRU', prefix: 'rnn' });
  expect(read.every((name) => name.startsWith('rnn.'))).toBe(true);
  expect(Object.keys(toTorch(module))).toHaveLength(read.length);
  module.dispose();
  await expect(loadTorch(watched, { prefix: 'rn' })).rejects.toThrow(
    expect.objectContaining({ code: 'UNKNOWN_NAME', hint: expect.stringContaining("'attend' (MultiheadAttention)") }),
  );
  await expect(loadTorch(bytes as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});

it('a path of a safetensors file, of a pickled one, and of none', async () => {
  const path = fileURLToPath(new URL('../../../vectors/torch/state/lm-lstm.safetensors', import.meta.url));
  const module = await loadTorchFile(path, { kind: 'LSTM', prefix: 'body' });
  expect(module.parameters['weight_ih_l0']!.shape).toEqual([24, 6]);
  module.dispose();
  const pickled = join(folder, 'model.pt');
  await writeFile(pickled, Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 8, 8, 0));
  await expect(loadTorchFile(pickled)).rejects.toMatchObject({
    code: 'FILE_INVALID',
    hint: expect.stringContaining('save_file'),
  });
  await expect(loadTorchFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'FILE_ACCESS' });
});
