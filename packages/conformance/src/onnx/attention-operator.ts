import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { HeedError, both, causal, dense, dotProductAttention, materialize, padding, type Mask } from '@heed/core';
import type { OnnxCase, OnnxInput, OnnxOutput } from './onnx-case.js';
import type { OnnxTensor } from './onnx-tensor.js';

/** Attributes that the adapter understands; any other is an error, not ignored. */
const ATTRIBUTES = new Set([
  'is_causal',
  'kv_num_heads',
  'q_num_heads',
  'qk_matmul_output_mode',
  'scale',
  'softcap',
  // Computing more precisely than asked for is allowed: Heed normalises in float32 or better.
  'softmax_precision',
]);

/** What `qk_matmul_output` holds. */
const OUTPUT_MODES = ['raw', 'capped', 'biased', 'normalized'] as const;

/**
 * ONNX's `Attention` (opset 23 and 24) through Heed's public ops on the selected backend.
 *
 * @returns every output of the operator; those that the case expects are compared by the caller, who disposes all
 * @throws HeedError INVALID_ARGUMENT with what can't be mapped
 * @see https://onnx.ai/onnx/operators/onnx__Attention.html
 */
export function runAttentionOperator(test: OnnxCase): Record<OnnxOutput, Tensor> {
  return tf.tidy(() => {
    const { attributes, inputs } = test;
    const unknown = Object.keys(attributes).filter((name) => !ATTRIBUTES.has(name));
    if (unknown.length > 0) cannot(test, `attribute ${unknown} is not one of ${[...ATTRIBUTES]}`);

    const rank = required(test, 'Q').shape.length;
    const query = heads(test, 'Q', attributes['q_num_heads']);
    const [key, pastLength] = withPast(test, 'K', 'past_key');
    const [value] = withPast(test, 'V', 'past_value');
    const [batch, queryHeads, queries, width] = query.shape;
    const keys = key.shape[2];
    const shape = { batch, heads: queryHeads, queries, keys };

    const valid = inputs.nonpad_kv_seqlen && [...inputs.nonpad_kv_seqlen.data];
    const masks: Mask[] = [];
    if (valid) masks.push(padding(valid));
    if (attributes['is_causal']) {
      // Query 0 follows what is in the cache: the past, or the valid part of a cache of fixed size.
      const offset = inputs.past_key === undefined && valid ? valid.map((length) => length - queries) : pastLength;
      masks.push(causal({ offset }));
    }
    const given = inputs.attn_mask && paddedMask(inputs.attn_mask, keys);
    if (given?.dtype === 'bool') masks.push(dense(given));
    const bias = given?.dtype === 'float32' ? given : undefined;
    const mask = masks.length > 0 ? both(...masks) : undefined;

    const softCap = attributes['softcap'] || undefined; // 0 is ONNX's way to say none
    const scale = attributes['scale'] ?? 1 / Math.sqrt(width);
    const { context, weights } = dotProductAttention(query, key, value, {
      scale,
      ...(softCap !== undefined && { softCap }),
      ...(bias && { bias }),
      ...(mask && { mask }),
      returnWeights: true,
    });

    const mode = OUTPUT_MODES[attributes['qk_matmul_output_mode'] ?? 0];
    if (mode === undefined) cannot(test, `qk_matmul_output_mode ${attributes['qk_matmul_output_mode']} is unknown`);
    const scores = (): Tensor => {
      let scores: Tensor = tf.mul(products(query, key), scale);
      if (mode === 'raw') return scores;
      if (softCap !== undefined) scores = tf.mul(tf.tanh(tf.div(scores, softCap)), softCap);
      if (mode === 'capped') return scores;
      if (bias) scores = tf.add(scores, bias);
      if (!mask) return scores;
      const allowed = tf.broadcastTo(materialize(mask, shape), scores.shape);
      return tf.where(allowed, scores, tf.fill(scores.shape, -Infinity));
    };
    return {
      Y: rank === 3 ? mergeHeads(context) : context,
      present_key: key,
      present_value: value,
      qk_matmul_output: mode === 'normalized' ? weights! : scores(),
    };
  });
}

/** q·kᵀ with each key head serving adjacent query heads: [B, Hq, Tq, Tk]. */
function products(query: Tensor4D, key: Tensor4D): Tensor {
  const [batch, queryHeads, queries, width] = query.shape;
  const [, keyHeads, keys] = key.shape;
  const folded = tf.reshape(query, [batch, keyHeads, (queryHeads / keyHeads) * queries, width]);
  return tf.reshape(tf.matMul(folded, key, false, true), [batch, queryHeads, queries, keys]);
}

/** A mask shorter than the keys is padded with what isn't attended. */
function paddedMask(mask: OnnxTensor, keys: number): Tensor {
  const missing = keys - (mask.shape.at(-1) ?? 0);
  const tensor = toTensor(mask);
  if (missing <= 0) return tensor;
  const shape = [...mask.shape.slice(0, -1), missing];
  const rest = mask.dtype === 'bool' ? tf.zeros(shape, 'bool') : tf.fill(shape, -Infinity);
  // concat has no bool form on every engine
  if (mask.dtype !== 'bool') return tf.concat([tensor, rest], -1);
  return tf.cast(tf.concat([tf.cast(tensor, 'int32'), tf.cast(rest, 'int32')], -1), 'bool');
}

/** The new keys or values after the cached ones, and how many were cached. */
function withPast(test: OnnxCase, name: 'K' | 'V', past: 'past_key' | 'past_value'): [Tensor4D, number] {
  const fresh = heads(test, name, test.attributes['kv_num_heads']);
  const cached = test.inputs[past];
  if (cached === undefined) return [fresh, 0];
  return [tf.concat([toTensor(cached) as Tensor4D, fresh], 2), cached.shape[2]!];
}

/** [B, H, T, D] as it is, or [B, T, H·D] split into heads. */
function heads(test: OnnxCase, name: OnnxInput, count: number | undefined): Tensor4D {
  const tensor = toTensor(required(test, name));
  if (tensor.rank === 4) return tensor as Tensor4D;
  const [batch, time, width] = tensor.shape as [number, number, number];
  if (tensor.rank !== 3 || !count || width % count !== 0) {
    return cannot(test, `${name} [${tensor.shape}] can't be split into ${count ?? 'an unknown number of'} heads`);
  }
  return tf.transpose(tf.reshape(tensor, [batch, time, count, width / count]), [0, 2, 1, 3]);
}

function mergeHeads(context: Tensor4D): Tensor {
  const [batch, count, time, width] = context.shape;
  return tf.reshape(tf.transpose(context, [0, 2, 1, 3]), [batch, time, count * width]);
}

function required(test: OnnxCase, name: OnnxInput): OnnxTensor {
  return test.inputs[name] ?? cannot(test, `input ${name} is missing`);
}

function toTensor({ dtype, shape, data }: OnnxTensor): Tensor {
  return dtype === 'bool'
    ? tf.tensor(Uint8Array.from(data), [...shape], 'bool')
    : tf.tensor(Float32Array.from(data), [...shape], 'float32');
}

function cannot(test: OnnxCase, reason: string): never {
  throw new HeedError('INVALID_ARGUMENT', { message: `${test.name} can't be mapped: ${reason}` });
}
