import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { BACKENDS, useBackend } from '../../test/backends.js';
import { filesIn } from '../../test/folders.js';
import { loadPretrained } from '../load-pretrained.js';

useBackend(BACKENDS[1]!);

it('pictures of another size are refused, unless positions are to be interpolated', async () => {
  const model = await loadPretrained(filesIn('vit'));
  const before = tf.memory().numTensors;
  const pixelValues = { shape: [1, 3, 40, 48], data: new Float32Array(3 * 40 * 48) };
  expect(() => model.run({ pixelValues })).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
  const { logits, lastHiddenState } = model.run({ pixelValues }, { interpolatePosEncoding: true });
  expect([logits!.shape, lastHiddenState!.shape]).toEqual([
    [1, 3],
    [1, 31, 32],
  ]);
  tf.dispose([logits!, lastHiddenState!]);
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
});

it.each<[string, object]>([
  ['no pictures', {}],
  ['other channels', { pixelValues: { shape: [1, 1, 32, 32], data: new Float32Array(1024) } }],
  ['too few numbers', { pixelValues: { shape: [1, 3, 32, 32], data: new Float32Array(5) } }],
  ['a list', { pixelValues: [1, 2] }],
])('refuses %s', async (_, inputs) => {
  const model = await loadPretrained(filesIn('vit'));
  expect(() => model.run(inputs)).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/INVALID_ARGUMENT|SHAPE_MISMATCH/) as string }),
  );
  model.dispose();
});
