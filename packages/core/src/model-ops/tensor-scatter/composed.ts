import * as tf from '@tensorflow/tfjs-core';
import type { ComposedModelOp } from '../define.js';
import { eachPiece } from './slots.js';
import type { ScatterAttributes, tensorScatterSpec } from './spec.js';

/** By rows of what lies within a slot. */
export const composedTensorScatter: ComposedModelOp<typeof tensorScatterSpec> = {
  forward({ cache, update }, attributes) {
    const width = widthOf(cache.shape, attributes);
    const [ofCache, ofUpdate] = [cache, update].map((x) => tf.reshape(x, [x.size / width, width]));
    const rows = Int32Array.from({ length: cache.size / width }, (_, row) => row);
    eachRow(cache.shape, attributes, (from, to) => (rows[to] = rows.length + from));
    return { present: tf.reshape(takeRows(tf.concat([ofCache, ofUpdate], 0), rows), cache.shape) };
  },

  backward({ dPresent }, attributes) {
    const { shape } = dPresent;
    const width = widthOf(shape, attributes);
    const count = dPresent.size / width;
    const kept = Int32Array.from({ length: count }, (_, row) => row);
    const written = new Int32Array((count / shape[attributes.axis]!) * attributes.steps);
    eachRow(shape, attributes, (from, to) => {
      kept[to] = count; // a row of zeros: what was overwritten reached nothing
      written[from] = to;
    });
    const rows = tf.reshape(dPresent, [count, width]);
    return {
      dCache: tf.reshape(takeRows(tf.concat([rows, tf.zeros([1, width])], 0), kept), shape),
      dUpdate: tf.reshape(takeRows(rows, written), shape.with(attributes.axis, attributes.steps)),
    };
  },
};

const takeRows = (x: tf.Tensor, rows: Int32Array): tf.Tensor => tf.gather(x, tf.tensor1d(rows, 'int32'));

const widthOf = (shape: readonly number[], { axis }: ScatterAttributes): number =>
  tf.util.sizeFromShape(shape.slice(axis + 1));

/** Calls back with each row of the update and the row of the cache that it replaces. */
function eachRow(
  shape: readonly number[],
  attributes: ScatterAttributes,
  replace: (from: number, to: number) => void,
): void {
  const width = widthOf(shape, attributes);
  eachPiece(shape, attributes, (from, to, count) => {
    for (let n = 0; n < count; n += width) replace((from + n) / width, (to + n) / width);
  });
}
