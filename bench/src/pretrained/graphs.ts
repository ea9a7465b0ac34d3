import { causal, dotProductAttention, type Mask } from '@heed/core';
import { addBias, layerNorm, lookup } from '@heed/core/model-ops';
import { gelu } from '@heed/nn';
import type { Graph, GraphTensor } from '@heed/onnx/export';
import * as tf from '@tensorflow/tfjs-core';
import type { Size } from './models.js';

/** A weight by its name in the file. */
type Weights = (name: string) => tf.Tensor;
type Rows = tf.Tensor2D;
type Inputs = Readonly<Record<string, tf.Tensor>>;

const IDS: GraphTensor = { shape: ['batch', 'sequence'], dtype: 'int64' };

/**
 * GPT-2 with a cache, in the layout that transformers.js loads: `past_key_values.N.key` [batch, heads, past, E/heads] and the like go in,
 * `present.N.key` and the like come out. All tokens are taken for real, so that there is no mask to compute.
 */
export function decoderGraph({ layers, width, heads }: Size, weights: Weights): Graph {
  const past: GraphTensor = { shape: ['batch', heads, 'past', width / heads], dtype: 'float32' };
  const eachLayer = Array.from({ length: layers }, (_, n) => n);
  const linear = (name: string, x: Rows): Rows =>
    addBias(tf.matMul(x, weights(`${name}.weight`) as Rows), weights(`${name}.bias`) as tf.Tensor1D);
  const norm = (name: string, x: Rows): Rows =>
    layerNorm(x, weights(`${name}.weight`) as tf.Tensor1D, weights(`${name}.bias`) as tf.Tensor1D);
  return {
    name: 'decoder',
    inputs: {
      input_ids: IDS,
      position_ids: IDS,
      ...Object.fromEntries(
        eachLayer.flatMap((n) => ['key', 'value'].map((part) => [`past_key_values.${n}.${part}`, past])),
      ),
    },
    run(inputs) {
      const [batch, time] = inputs['input_ids']!.shape as [number, number];
      const table = weights('transformer.wte.weight') as Rows;
      const places = weights('transformer.wpe.weight') as Rows;
      const present: Record<string, tf.Tensor> = {};
      let x: Rows = tf.add(lookup(table, flat(inputs, 'input_ids')), lookup(places, flat(inputs, 'position_ids')));
      for (const n of eachLayer) {
        const at = `transformer.h.${n}`;
        const [query, ...memory] = tf
          .split(linear(`${at}.attn.c_attn`, norm(`${at}.ln_1`, x)), 3, 1)
          .map((part) => intoHeads(part as Rows, [batch, time, heads])) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
        const [key, value] = ['key', 'value'].map((part, at) => {
          const all = tf.concat([inputs[`past_key_values.${n}.${part}`] as tf.Tensor4D, memory[at]!], 2);
          return (present[`present.${n}.${part}`] = all);
        }) as [tf.Tensor4D, tf.Tensor4D];
        const seen = attended(query, key, value, causal({ align: 'bottom-right' }));
        x = tf.add(x, linear(`${at}.attn.c_proj`, seen));
        x = tf.add(x, linear(`${at}.mlp.c_proj`, tanhGelu(linear(`${at}.mlp.c_fc`, norm(`${at}.ln_2`, x)))));
      }
      const logits = tf.matMul(norm('transformer.ln_f', x), table, false, true);
      return { logits: tf.reshape(logits, [batch, time, table.shape[0]]), ...present };
    },
  };
}

/** BERT without a head, in the layout that transformers.js loads. */
export function encoderGraph({ layers, width, heads }: Size, weights: Weights): Graph {
  const linear = (name: string, x: Rows): Rows =>
    addBias(tf.matMul(x, weights(`${name}.weight`) as Rows, false, true), weights(`${name}.bias`) as tf.Tensor1D);
  const norm = (name: string, x: Rows): Rows =>
    layerNorm(x, weights(`${name}.weight`) as tf.Tensor1D, weights(`${name}.bias`) as tf.Tensor1D, 1e-12);
  return {
    name: 'encoder',
    inputs: { input_ids: IDS, token_type_ids: IDS },
    run(inputs) {
      const [batch, time] = inputs['input_ids']!.shape as [number, number];
      const table = (name: string): Rows => weights(`embeddings.${name}_embeddings.weight`) as Rows;
      const tokens = tf.add(
        lookup(table('word'), flat(inputs, 'input_ids')),
        lookup(table('token_type'), flat(inputs, 'token_type_ids')),
      );
      const places = tf.slice(table('position'), [0, 0], [time, width]);
      let x = norm(
        'embeddings.LayerNorm',
        tf.reshape(tf.add(tf.reshape(tokens, [batch, time, width]), places), [-1, width]),
      );
      for (let n = 0; n < layers; n++) {
        const at = `encoder.layer.${n}`;
        const [query, key, value] = ['query', 'key', 'value'].map((part) =>
          intoHeads(linear(`${at}.attention.self.${part}`, x), [batch, time, heads]),
        ) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
        const seen = linear(`${at}.attention.output.dense`, attended(query, key, value));
        x = norm(`${at}.attention.output.LayerNorm`, tf.add(x, seen));
        const deep = linear(`${at}.output.dense`, gelu(linear(`${at}.intermediate.dense`, x)));
        x = norm(`${at}.output.LayerNorm`, tf.add(x, deep));
      }
      return { last_hidden_state: tf.reshape(x, [batch, time, width]) };
    },
  };
}

const flat = (inputs: Inputs, name: string): tf.Tensor1D => tf.reshape(inputs[name]!, [-1]);

/** [B·T, H·D] → [B, H, T, D] */
const intoHeads = (x: Rows, [batch, time, heads]: readonly [number, number, number]): tf.Tensor4D =>
  tf.transpose(tf.reshape<tf.Rank.R4>(x, [batch, time, heads, x.shape[1] / heads]), [0, 2, 1, 3]);

/** [B·Tq, H·D] */
function attended(query: tf.Tensor4D, key: tf.Tensor4D, value: tf.Tensor4D, mask?: Mask): Rows {
  const { context } = dotProductAttention(query, key, value, mask && { mask });
  const [, heads, , width] = query.shape;
  return tf.reshape(tf.transpose(context, [0, 2, 1, 3]), [-1, heads * width]);
}

/** GELU by tanh, in the order of operations that ONNX Runtime knows as one operator of its own. */
function tanhGelu(x: Rows): Rows {
  const inner = tf.mul(tf.mul(x, Math.sqrt(2 / Math.PI)), tf.add(tf.mul(tf.mul(x, 0.044715), x), 1));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
}
