import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { webgpu } from '@heed/backend-webgpu';
import { describeConformance } from '@heed/conformance/vitest';
import { dotProductAttention, selectBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

/**
 * Each case runs in Node, on the same implementation of WebGPU. Here is what a page may do differently: each family of shaders under the
 * limits of a page's device, of which one is ten buffers, with infinities and NaN, of which its compiler may make something else.
 */
const CASES = [
  'manifest/declared-requests-are-taken',
  'additive/mask/pair/padding+dense',
  'hooks/additive/documents',
  'outputs/additive/loss-in-weights',
  'outputs/dot/context+weights+logSumExp',
  'outputs/dot/loss-in-weights/masked-dropout',
  'outputs/additive/context+weights+logSumExp',
  'outputs/weighted/context+weights',
  'large logits/dot/saturated',
  'large logits/dot/masked-above-attended',
  'large logits/additive/saturated',
  'large logits/weighted/softmax/tied',
  'non-finite/dot/under-segments-soft-cap-and-bias/nan',
  'non-finite/dot/under-minus-infinity-bias/plus-infinity',
  'non-finite/dot/under-padding-tk70/minus-infinity',
  'non-finite/dot/attended-by-last-query/value/nan',
  'non-finite/additive/under-padding/nan',
  'non-finite/additive/attended/value/nan',
  'non-finite/weighted/softmax/under-padding/plus-infinity',
  'non-finite/weighted/entmax15/under-padding/nan',
  'non-finite/weighted/attended/value/nan',
  'linear/gated-delta/base',
  'model/lstmGates/h3',
  'model/crossEntropy/padded',
];

describeConformance(webgpu(), { cases: CASES });

it('a page opens its device by itself', async () => {
  const backend = await selectBackend(webgpu());
  expect(backend.capabilities.notes.join(' ')).toMatch(/computed by google swiftshader/);
  const x = tf.randomNormal<tf.Rank.R4>([1, 2, 9, 8], 0, 1, 'float32', 1);
  const { context } = dotProductAttention(x, x, x, { causal: true });
  expect((await context.data()).some((number) => number !== 0)).toBe(true);
  tf.dispose([x, context]);
  await backend.dispose();
});
