import { MODEL_OPS, pathOfModelOp, rotaryEmbedding } from '@heed/core/model-ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { cannot, checkAttributes, required, splitHeads, mergeHeads, toTensor, type OperatorRun } from './mapping.js';
import type { OnnxCase } from './onnx-case.js';

/** Attributes that the adapter understands. */
const ATTRIBUTES = ['interleaved', 'num_heads', 'rotary_embedding_dim'];

/**
 * ONNX's `RotaryEmbedding` (opset 23) through Heed's `rotaryEmbedding` on the selected backend.
 *
 * @returns the rotated vectors, which are the caller's to dispose
 * @throws HeedError INVALID_ARGUMENT, SHAPE_MISMATCH with what can't be mapped
 * @see https://onnx.ai/onnx/operators/onnx__RotaryEmbedding.html
 */
export function runRotaryOperator(test: OnnxCase<'RotaryEmbedding'>): OperatorRun {
  const { attributes } = test;
  checkAttributes(test, ATTRIBUTES);
  const Y = tf.tidy(() => {
    const x = splitHeads(test, 'X', attributes['num_heads']);
    const width = attributes['rotary_embedding_dim'] || x.shape[3]; // 0 for all
    const layout = attributes['interleaved'] ? 'interleaved' : 'half';
    const rows = rowsOf(test, x);
    const tables = { cos: tableOf(test, 'cos_cache', width, rows), sin: tableOf(test, 'sin_cache', width, rows) };
    const rotated = rotaryEmbedding(x, tables, { layout, rows });
    return required(test, 'X').shape.length === 3 ? mergeHeads(rotated) : rotated;
  });
  const path = pathOfModelOp(MODEL_OPS.rotaryEmbedding);
  return { outputs: { Y }, path, reasons: path === 'fused' ? [] : ['the backend has no kernel for it'] };
}

/** Which row of the caches each position has, [B·T]: as `position_ids` say, or one after another. */
function rowsOf(test: OnnxCase<'RotaryEmbedding'>, { shape: [batch, , time] }: Tensor4D): Int32Array {
  const ids = test.inputs.position_ids;
  if (ids === undefined) return Int32Array.from({ length: batch * time }, (_, n) => n);
  if (ids.shape.join() !== [batch, time].join()) cannot(test, `position_ids [${ids.shape}] isn't [${batch},${time}]`);
  return Int32Array.from(ids.data);
}

/** A cache as rows of pairs: [P, W/2], or without `position_ids` [B, T, W/2]. */
function tableOf(
  test: OnnxCase<'RotaryEmbedding'>,
  name: 'cos_cache' | 'sin_cache',
  width: number,
  rows: Int32Array,
): Tensor2D {
  const cache = required(test, name);
  const isListed = test.inputs.position_ids !== undefined;
  const axes = isListed ? 2 : 3;
  const pairs = cache.shape.at(-1);
  const count = cache.data.length / (width / 2);
  if (cache.shape.length !== axes || pairs !== width / 2 || (!isListed && count !== rows.length)) {
    cannot(test, `${name} [${cache.shape}] doesn't fit ${rows.length} positions of width ${width}`);
  }
  const outside = rows.find((row) => !(row >= 0 && row < count));
  if (outside !== undefined) cannot(test, `position ${outside} is not in ${name} of ${count} rows`);
  return tf.reshape(toTensor(cache), [count, width / 2]);
}
