import { rotary } from '@heed/attention';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { cannot, checkAttributes, required, splitHeads, mergeHeads, toTensor, type OperatorRun } from './mapping.js';
import type { OnnxCase } from './onnx-case.js';

/** Attributes that the adapter understands. */
const ATTRIBUTES = ['interleaved', 'num_heads', 'rotary_embedding_dim'];

/**
 * ONNX's `RotaryEmbedding` (opset 23) through Heed's `rotary` on the selected backend.
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
    const width = attributes['rotary_embedding_dim'] ?? 0; // 0 for all
    const layout = attributes['interleaved'] ? 'interleaved' : 'half';
    const options = { layout, ...(width > 0 && { width }) } as const;
    const [cosines, sines] = [angles(test, 'cos_cache', x), angles(test, 'sin_cache', x)];
    // Each batch row has positions of its own, in any order: its tables are those of its rows.
    const rows = (tf.split(x, x.shape[0], 0) as Tensor4D[]).map((row, b) =>
      rotary(row, { ...options, tables: { cos: cosines[b], sin: sines[b] } }),
    );
    const rotated = tf.concat(rows, 0) as Tensor4D;
    return required(test, 'X').shape.length === 3 ? mergeHeads(rotated) : rotated;
  });
  return { outputs: { Y }, path: 'composed', reasons: ["rotary turns are composed of the engine's own ops"] };
}

/** The cosines or sines of each position, [T, W/2] for each batch row: rows of a cache by position, or given one by one. */
function angles(test: OnnxCase<'RotaryEmbedding'>, name: 'cos_cache' | 'sin_cache', x: Tensor4D): Tensor2D[] {
  const [batch, , time] = x.shape;
  const cache = required(test, name);
  const ids = test.inputs.position_ids;
  const axes = ids === undefined ? 3 : 2;
  if (cache.shape.length !== axes) cannot(test, `${name} has ${cache.shape.length} axes, not ${axes}`);
  let table: Tensor = toTensor(cache);
  if (ids !== undefined) {
    const outside = ids.data.find((id) => !(id >= 0 && id < cache.shape[0]));
    if (outside !== undefined) cannot(test, `position ${outside} is not in ${name} of ${cache.shape[0]} rows`);
    if (ids.shape.join() !== [batch, time].join()) cannot(test, `position_ids [${ids.shape}] isn't [${batch},${time}]`);
    table = tf.gather(table, tf.tensor(Int32Array.from(ids.data), [batch, time], 'int32'));
  }
  if (table.shape[0] !== batch || table.shape[1] !== time)
    cannot(test, `${name} [${cache.shape}] doesn't fit X [${x.shape}]`);
  return tf.unstack(table as Tensor3D, 0) as Tensor2D[];
}
