import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { BACKENDS, useBackend } from '../../test/backends.js';
import { randomModel } from '../../test/random-model.js';
import type { Inputs } from '../networks/network.js';
import { Config } from '../config.js';
import { ropeOf } from './rope.js';
import { ARCHITECTURES } from './index.js';

useBackend(BACKENDS[1]!);

it.each(ARCHITECTURES)('%s runs, and what a pad holds changes nothing', async (architecture) => {
  const before = tf.memory().numTensors;
  const model = await randomModel({ architectures: [architecture], sliding_window: 4 });
  const logitsOf = (pad: number): Float32Array =>
    tf.tidy(() => {
      const [inputIds, attentionMask] = [
        [
          [1, 2, 3, 4],
          [5, 6, pad, pad],
        ],
        [
          [1, 1, 1, 1],
          [1, 1, 0, 0],
        ],
      ];
      const all: Inputs = {
        inputIds,
        attentionMask,
        decoderInputIds: inputIds,
        decoderAttentionMask: attentionMask,
        pixelValues: tf.ones([2, 3, 4, 4]),
        inputFeatures: { shape: [2, 4, 4], data: new Float32Array(32).fill(0.5) },
      };
      const outputs = model.run(Object.fromEntries(model.takes.map((name) => [name, all[name]])));
      const result = outputs.logits ?? outputs.lastHiddenState ?? outputs.textLastHiddenState!;
      // Classifiers of sequences look for the last token that is no pad.
      const real = result.rank === 2 ? tf.slice(result, 0, 1) : tf.slice(result, [0, 0, 0], [-1, 2, -1]);
      return real.dataSync<'float32'>();
    });
  const [some, other] = [logitsOf(0), logitsOf(7)];
  expect(some.every(Number.isFinite)).toBe(true);
  expect(other).toEqual(some);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

/** Which layers of a model see a window of two alone, by their attention weights. */
async function slidingLayers(fields: Readonly<Record<string, unknown>>): Promise<readonly boolean[]> {
  const model = await randomModel({ num_hidden_layers: 8, ...fields });
  const layers = tf.tidy(() => {
    const { attentions } = model.run({ inputIds: [[1, 2, 3, 4, 5]] }, { attentions: true });
    return attentions!.map((weights) =>
      weights
        .arraySync()[0]![0]![4]!
        .slice(0, 3)
        .every((weight) => weight === 0),
    );
  });
  model.dispose();
  return layers;
}

const layersOf = (pattern: string): readonly boolean[] => [...pattern].map((layer) => layer === 's');

it.each([
  ['LlamaForCausalLM', {}, 'ffffffff'],
  ['MistralForCausalLM', {}, 'ssssssss'],
  ['MistralForCausalLM', { sliding_window: null }, 'ffffffff'],
  ['Qwen3ForCausalLM', {}, 'ffffffff'],
  ['Qwen3ForCausalLM', { use_sliding_window: true, max_window_layers: 3 }, 'fffsssss'],
  ['Gemma2ForCausalLM', {}, 'sfsfsfsf'],
  ['Gemma3ForCausalLM', {}, 'sssssfss'],
  ['Gemma3ForCausalLM', { sliding_window_pattern: 3 }, 'ssfssfss'],
  ['GptOssForCausalLM', {}, 'sfsfsfsf'],
  [
    'GptOssForCausalLM',
    {
      layer_types: ['full', 'sliding', 'full', 'full', 'full', 'sliding', 'full', 'full'].map((t) => `${t}_attention`),
    },
    'fsfffsff',
  ],
])('layers of %s with %o see windows as %s says', async (architecture, fields, pattern) => {
  expect(await slidingLayers({ architectures: [architecture], ...fields })).toEqual(layersOf(pattern));
});

it('rotary settings of version 4 and 5 are the same', () => {
  const rope = (json: object, type?: string) => ropeOf(new Config({ max_position_embeddings: 64, ...json }), type);
  expect(rope({})).toEqual({ base: 10000 });
  expect(rope({ rope_theta: 500, rope_scaling: { type: 'linear', factor: 2 } })).toEqual(
    rope({ rope_parameters: { rope_type: 'linear', factor: 2, rope_theta: 500 } }),
  );
  expect(rope({ rope_scaling: { rope_type: 'dynamic', factor: 2 } })).toEqual({
    base: 10000,
    scaling: { kind: 'dynamic', factor: 2, maxPositions: 64 },
  });
  const ofTypes = {
    rope_parameters: {
      full_attention: { rope_type: 'linear', factor: 8, rope_theta: 1e6 },
      sliding_attention: { rope_type: 'default', rope_theta: 7 },
    },
  };
  expect(rope(ofTypes)).toEqual({ base: 1e6, scaling: { kind: 'linear', factor: 8 } });
  expect(rope(ofTypes, 'sliding_attention')).toEqual({ base: 7 });
});
