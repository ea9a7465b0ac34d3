import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import {
  both,
  causal,
  dense,
  dotProductAttention,
  explain,
  materialize,
  padding,
  slidingWindow,
  type DotProductAttentionOptions,
  type Explanation,
  type Mask,
  type ScoreShape,
} from '@heed/core';
import { cannot, checkAttributes, mergeHeads, splitHeads, required, toTensor, type OperatorRun } from './mapping.js';
import type { OnnxCase } from './onnx-case.js';
import type { OnnxTensor } from './onnx-tensor.js';
import type { OutputOf } from './signatures.js';

/** Attributes that the adapter understands. */
const ATTRIBUTES = [
  'is_causal',
  'kv_num_heads',
  'left_window_size', // since opset 25, as the next
  'q_num_heads',
  'qk_matmul_output_mode',
  'right_window_size',
  'scale',
  'softcap',
  'softmax_precision',
];

/** What `qk_matmul_output` holds, by mode: the numbering of ONNX since soft cap comes before the mask (1.21). */
const OUTPUT_MODES = ['raw', 'capped', 'biased', 'normalized'] as const;

// TensorProto.DataType of float, float16, double, bfloat16. Computing more precisely than asked for is allowed: Heed
// normalises in float32 or better.
const PRECISIONS = new Set([undefined, 1, 10, 11, 16]);

// A file of a few bytes may ask for more scores than any machine holds; no test of ONNX has more than a thousand.
const MOST_SCORES = 2 ** 26;

type AttentionCase = OnnxCase<'Attention'>;
type Output = OutputOf<'Attention'>;

/**
 * ONNX's `Attention` (opset 23 to 25) through Heed's public ops on the selected backend.
 *
 * @returns the outputs that the case expects, which are the caller's to dispose
 * @throws HeedError INVALID_ARGUMENT, SHAPE_MISMATCH with what can't be mapped
 * @see https://onnx.ai/onnx/operators/onnx__Attention.html
 */
export function runAttentionOperator(test: AttentionCase): OperatorRun {
  const wanted = Object.keys(test.outputs) as Output[];
  const mode = outputMode(test);
  let where: Explanation | undefined;
  const outputs = tf.tidy(() => {
    const { query, key, value, options, shape } = callOf(test);
    const call = { ...options, returnWeights: wanted.includes('qk_matmul_output') && mode === 'normalized' };
    where = explain({ op: 'dotProductAttention', query, key, value, ...call });
    const { context, weights } = dotProductAttention(query, key, value, call);
    const results: Readonly<Record<Output, () => Tensor>> = {
      Y: () => (test.inputs.Q!.shape.length === 3 ? mergeHeads(context) : context),
      present_key: () => tf.clone(key),
      present_value: () => tf.clone(value),
      qk_matmul_output: () => weights ?? scores(mode, query, key, options, shape),
    };
    return Object.fromEntries(wanted.map((name) => [name, results[name]()]));
  });
  return { outputs, path: where!.path, reasons: where!.reasons };
}

interface AttentionCall {
  readonly query: Tensor4D;
  /** With the past. */
  readonly key: Tensor4D;
  readonly value: Tensor4D;
  readonly options: Options;
  readonly shape: ScoreShape;
}

interface Options extends DotProductAttentionOptions {
  readonly scale: number;
  readonly bias?: Tensor;
  readonly mask?: Mask;
}

function callOf(test: AttentionCase): AttentionCall {
  const { attributes, inputs } = test;
  const ranks = (['Q', 'K', 'V'] as const).map((name) => required(test, name).shape.length);
  if (new Set(ranks).size > 1) cannot(test, `Q, K and V have ${ranks.join(', ')} axes`);
  const query = splitHeads(test, 'Q', attributes['q_num_heads']);
  const key = withPast(test, 'K', 'past_key');
  const value = withPast(test, 'V', 'past_value');
  const [batch, queryHeads, queries, width] = query.shape;
  const shape = { batch, heads: queryHeads, queries, keys: key.shape[2] };
  const size = batch * queryHeads * queries * shape.keys;
  if (size > MOST_SCORES) cannot(test, `it has ${size} scores, more than ${MOST_SCORES}`);

  const valid = inputs.nonpad_kv_seqlen && [...inputs.nonpad_kv_seqlen.data];
  // The key position of query 0: it follows what is in the cache, which is the past, or else the valid keys but for the
  // newest, which are the queries' own. Negative where there are fewer of them: then the first queries see nothing.
  const past = inputs.past_key;
  const offset = past === undefined && valid ? valid.map((length) => length - queries) : (past?.shape[2] ?? 0);
  const window = { ...side('left', attributes['left_window_size']), ...side('right', attributes['right_window_size']) };
  const given = inputs.attn_mask && attentionMask(test, inputs.attn_mask, shape.keys);
  const masks: Mask[] = [
    ...(valid ? [padding(valid)] : []),
    ...(attributes['is_causal'] ? [causal({ offset })] : []),
    ...(Object.keys(window).length > 0 ? [slidingWindow({ ...window, offset })] : []),
    ...(given?.dtype === 'bool' ? [dense(given)] : []),
  ];
  const softCap = attributes['softcap'] ?? 0; // 0 for none
  return {
    query,
    key,
    value,
    shape,
    options: {
      scale: attributes['scale'] ?? 1 / Math.sqrt(width),
      ...(softCap > 0 && { softCap }),
      ...(given?.dtype === 'float32' && { bias: given }),
      ...(masks.length > 0 && { mask: both(...masks) }),
    },
  };
}

/** An inclusive count on one side; −1 for no bound. */
function side(name: 'left' | 'right', count = -1): { left?: number; right?: number } {
  return count < 0 ? {} : { [name]: count };
}

function outputMode(test: AttentionCase): (typeof OUTPUT_MODES)[number] {
  const { attributes } = test;
  checkAttributes(test, ATTRIBUTES);
  if (!PRECISIONS.has(attributes['softmax_precision'])) {
    cannot(test, `softmax_precision ${attributes['softmax_precision']} is no floating-point type`);
  }
  const mode = attributes['qk_matmul_output_mode'] ?? 0;
  return OUTPUT_MODES[mode] ?? cannot(test, `qk_matmul_output_mode ${mode} is unknown`);
}

/** The scores on their way to the softmax, up to `mode`: [B, Hq, Tq, Tk]. */
function scores(
  mode: (typeof OUTPUT_MODES)[number],
  query: Tensor4D,
  key: Tensor4D,
  { scale, softCap, bias, mask }: Options,
  shape: ScoreShape,
): Tensor {
  let scores: Tensor = tf.mul(products(query, key), scale);
  if (mode === 'raw') return scores;
  if (softCap !== undefined) scores = tf.mul(tf.tanh(tf.div(scores, softCap)), softCap);
  if (mode === 'capped') return scores;
  if (bias) scores = tf.add(scores, bias);
  if (!mask) return scores;
  const allowed = tf.broadcastTo(materialize(mask, shape), scores.shape);
  return tf.where(allowed, scores, tf.fill(scores.shape, -Infinity));
}

/** q·kᵀ with each key head serving adjacent query heads: [B, Hq, Tq, Tk]. */
function products(query: Tensor4D, key: Tensor4D): Tensor {
  const [batch, queryHeads, queries, width] = query.shape;
  const [, keyHeads, keys] = key.shape;
  const folded = tf.reshape(query, [batch, keyHeads, (queryHeads / keyHeads) * queries, width]);
  return tf.reshape(tf.matMul(folded, key, false, true), [batch, queryHeads, queries, keys]);
}

/**
 * Bool, or float32 for a bias, of axes that align to the right, so that the first of three is the heads: a fourth says so. What
 * is shorter than the keys is padded with what isn't attended.
 */
function attentionMask(test: AttentionCase, mask: OnnxTensor, keys: number): Tensor {
  const { dtype } = mask;
  if (mask.shape.length === 0) cannot(test, 'attn_mask is a scalar');
  const shape = mask.shape.length === 3 ? [1, ...mask.shape] : mask.shape;
  const missing = keys - shape.at(-1)!;
  const tensor = toTensor({ ...mask, shape });
  if (missing <= 0) return tensor;
  const restShape = [...tensor.shape.slice(0, -1), missing];
  if (dtype !== 'bool') return tf.concat([tensor, tf.fill(restShape, -Infinity)], -1);
  // concat has no bool form on every engine
  return tf.cast(tf.concat([tf.cast(tensor, 'int32'), tf.zeros(restShape, 'int32')], -1), 'bool');
}

/** The new keys or values after the cached ones. */
function withPast(test: AttentionCase, name: 'K' | 'V', past: 'past_key' | 'past_value'): Tensor4D {
  const fresh = splitHeads(test, name, test.attributes['kv_num_heads']);
  const cached = test.inputs[past];
  if (cached === undefined) return fresh;
  const fits = cached.shape.length === 4 && cached.shape.every((n, axis) => axis === 2 || n === fresh.shape[axis]);
  if (!fits) cannot(test, `${past} [${cached.shape}] can't be put before ${name} [${fresh.shape}]`);
  return tf.concat([toTensor(cached) as Tensor4D, fresh], 2);
}
