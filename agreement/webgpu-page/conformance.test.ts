import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { webgpu } from '@heed/backend-webgpu';
import { describeConformance } from '@heed/conformance/vitest';
import { dotProductAttention, selectBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

// Each case runs in Node, on the same implementation of WebGPU; here is what a page may do differently.
describeConformance(webgpu(), { groups: ['outputs', 'large logits', 'non-finite'] });

it('a page opens its device by itself', async () => {
  const backend = await selectBackend(webgpu());
  expect(backend.capabilities.notes.join(' ')).toMatch(/computed by google swiftshader/);
  const x = tf.randomNormal<tf.Rank.R4>([1, 2, 9, 8], 0, 1, 'float32', 1);
  const { context } = dotProductAttention(x, x, x, { causal: true });
  expect((await context.data()).some((number) => number !== 0)).toBe(true);
  tf.dispose([x, context]);
  await backend.dispose();
});
