import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { encodeSafetensors } from '@heed/formats';
import { BACKENDS, useBackend } from '../../test/backends.js';
import type { Inputs } from '../networks/network.js';
import { loadPretrained } from '../load-pretrained.js';
import { Config } from '../config.js';
import { ropeOf } from './rope.js';
import { ARCHITECTURES, findArchitecture } from './index.js';
import { ParameterTree, type Parameter } from '../parameters.js';

useBackend(BACKENDS[1]!);

const SIZES = {
  vocab_size: 11,
  hidden_size: 8,
  intermediate_size: 12,
  num_hidden_layers: 4,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  max_position_embeddings: 32,
  head_dim: 4,
  pad_token_id: 0,
  num_local_experts: 3,
  num_experts_per_tok: 2,
  sliding_window: 2,
  n_embd: 8,
  n_head: 2,
  n_layer: 2,
  max_window_layers: 1,
  dim: 8,
  n_heads: 2,
  n_layers: 2,
  hidden_dim: 12,
  d_model: 8,
  d_ff: 12,
  d_kv: 3,
  num_heads: 2,
  num_layers: 2,
  encoder_layers: 2,
  decoder_layers: 2,
  encoder_attention_heads: 2,
  decoder_attention_heads: 2,
  encoder_ffn_dim: 12,
  decoder_ffn_dim: 12,
  num_mel_bins: 4,
  max_source_positions: 2,
  max_target_positions: 8,
};

const PICTURES = { ...SIZES, image_size: 4, patch_size: 2 };
const ALL = { ...PICTURES, text_config: SIZES, vision_config: PICTURES, encoder: PICTURES, decoder: SIZES };

/** A model of random weights by its configuration alone. */
async function randomModel(fields: Readonly<Record<string, unknown>>) {
  const json = { ...ALL, ...fields };
  const config = new Config(json);
  const { family, architecture } = findArchitecture(config);
  const asked = new Map<string, Parameter>();
  family.classes[architecture]!(config, new ParameterTree(new Map(), asked));
  let seed = 1;
  const next = (): number => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647 - 0.5;
  };
  const tensors = Object.fromEntries(
    [...asked.values()].map(({ name, shape, size }) => [
      name,
      { dtype: 'float32' as const, shape, data: Float32Array.from({ length: size }, next) },
    ]),
  );
  const files = {
    'config.json': new TextEncoder().encode(JSON.stringify(json)),
    'model.safetensors': encodeSafetensors(tensors),
  };
  return loadPretrained(files);
}

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
