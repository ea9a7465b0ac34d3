import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Json } from '../../files/read-json.js';
import { dotAlong } from '../dot.js';
import type { LayerConfig } from '../layer-config.js';
import type { LayerTable } from '../make-layer.js';
import { eitherMask, type Merge, MergeLayer } from './merge-layer.js';

/** A mask [B, T] for each number of x. */
const spread = (mask: Tensor, x: Tensor): Tensor => tf.broadcastTo(tf.expandDims(mask, -1), x.shape);

/** Adds up, multiplies, … one after the other, whatever the masks are. */
const inTurn =
  (combine: (a: Tensor, b: Tensor) => Tensor, last: (sum: Tensor, count: number) => Tensor = (sum) => sum) =>
  (): Merge => ({
    merge: (inputs) =>
      last(
        inputs.reduce((all, one) => combine(all, one)),
        inputs.length,
      ),
    alignsRanks: true,
  });

/**
 * The largest or the smallest of several: where one is masked, the other counts alone.
 *
 * @see Keras 3, `Merge._apply_merge_op_and_or_mask`
 */
const ofAttended = (combine: (a: Tensor, b: Tensor) => Tensor) => (): Merge => ({
  alignsRanks: true,
  merge(inputs, masks) {
    let output = inputs[0];
    let seen = masks[0] && spread(masks[0], inputs[0]);
    for (const [n, input] of inputs.entries()) {
      if (n === 0) continue;
      const mask = masks[n] && spread(masks[n], input);
      const x = mask === null ? input : tf.where(mask, input, output);
      if (seen !== null) output = tf.where(seen, output, x);
      seen = mask !== null && seen !== null ? tf.logicalOr(seen, mask) : null;
      output = combine(output, x);
    }
    return output;
  },
});

/** Spreads both tensors to one shape first, which TensorFlow.js's gradients of these ops forget to do. */
const alike =
  (combine: (a: Tensor, b: Tensor) => Tensor) =>
  (a: Tensor, b: Tensor): Tensor => {
    const shape = a.shape.map((length, axis) => Math.max(length, b.shape[axis]));
    return combine(tf.broadcastTo(a, shape), tf.broadcastTo(b, shape));
  };

/** A product in which masked numbers are 1; 0 where all inputs are masked. */
const product = (): Merge => ({
  alignsRanks: true,
  merge(inputs, masks) {
    const factors = inputs.map((x, n) => {
      const mask = masks[n];
      return mask === null ? x : tf.where(spread(mask, x), x, tf.onesLike(x));
    });
    const output = factors.reduce((all, one) => tf.mul(all, one));
    const attended = eitherMask(inputs, masks);
    return attended === null ? output : tf.where(spread(attended, output), output, tf.zerosLike(output));
  },
});

function concatenation(config: LayerConfig): Merge {
  const [axis] = config.integers('axis', [-1]);
  return {
    alignsRanks: false,
    merge: (inputs) => tf.concat([...inputs], axis),
    mask(inputs, masks) {
      const wide = inputs.map((input, n) => {
        const mask = masks[n];
        if (mask === null) return tf.onesLike(tf.cast(input, 'bool'));
        return mask.rank < input.rank ? spread(mask, input) : mask;
      });
      return tf.any(tf.concat(wide, axis), -1);
    },
  };
}

function dot(config: LayerConfig): Merge {
  const axes = config.integers('axes');
  const normalize = config.flag('normalize', false);
  return {
    alignsRanks: false,
    mask: () => null,
    merge([x, y]) {
      const along = [axes[0], axes.at(-1)!].map((axis, n) => (axis < 0 ? axis + [x, y][n].rank : axis));
      return dotAlong(x, y, along[0], along[1], normalize);
    },
  };
}

const MERGES: Readonly<Record<string, (config: LayerConfig) => Merge>> = {
  Add: inTurn(tf.add),
  Subtract: inTurn(tf.sub),
  Multiply: product,
  Average: inTurn(tf.add, (sum, count) => tf.div(sum, count)),
  Maximum: ofAttended(alike(tf.maximum)),
  Minimum: ofAttended(alike(tf.minimum)),
  Concatenate: concatenation,
  Dot: dot,
};

/** Layers that make one tensor of several. */
export const MERGE_LAYERS: LayerTable = Object.fromEntries(
  Object.entries(MERGES).map(([className, make]) => [
    className,
    (config: Json) => new MergeLayer(className, config, make),
  ]),
);
