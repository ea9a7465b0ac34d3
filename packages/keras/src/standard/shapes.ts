import { HeedError } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { asImages } from './as-images.js';
import { byFormula, type MakeFormula } from './formula.js';
import type { LayerConfig } from './layer-config.js';
import type { LayerTable } from './make-layer.js';

/** A layer that moves numbers and drops masks, as Keras's do. */
const moving =
  (make: (config: LayerConfig) => (x: Tensor) => Tensor): MakeFormula =>
  (config) => ({ run: make(config) });

/** What is left of the axes of space, the amounts of each cut off before and after. */
const cropping = (axes: number): MakeFormula =>
  moving((config) => {
    const amounts = config.beforeAndAfter('cropping', axes, 1);
    return (x) => {
      const all = onAllAxes(config, x.rank, amounts, [0, 0] as const);
      const size = x.shape.map((length, axis) => length - all[axis][0] - all[axis][1]);
      if (size.some((length) => length < 1)) {
        throw new HeedError('SHAPE_MISMATCH', {
          message: `cropping ${JSON.stringify(amounts)} leaves nothing of [${x.shape}]`,
        });
      }
      return tf.slice(
        x,
        all.map(([before]) => before),
        size,
      );
    };
  });

const zeroPadding = (axes: number): MakeFormula =>
  moving((config) => {
    const amounts = config.beforeAndAfter('padding', axes, 1);
    return (x) =>
      tf.pad(
        x,
        onAllAxes(config, x.rank, amounts, [0, 0] as const).map(
          ([before, after]) => [before, after] as [number, number],
        ),
      );
  });

/** What is given for each axis of space, for all axes of a tensor. */
function onAllAxes<Value>(config: LayerConfig, rank: number, values: readonly Value[], others: Value): Value[] {
  const first = config.has('data_format') && config.channelsFirst ? 2 : 1;
  return Array.from({ length: rank }, (_, axis) => values[axis - first] ?? others);
}

/** Repeats each place of the axes of space. */
const repeating = (axes: number): MakeFormula =>
  moving((config) => {
    const sizes = config.perAxis('size', axes, 2);
    const bilinear = axes === 2 && config.choice('interpolation', ['nearest', 'bilinear'], 'nearest') === 'bilinear';
    return (x) => {
      if (!bilinear) return repeatPlaces(x, onAllAxes(config, x.rank, sizes, 1));
      const isFirst = config.has('data_format') && config.channelsFirst;
      const image = isFirst ? tf.transpose(x, [0, 2, 3, 1]) : x;
      const [height, width] = (image as Tensor4D).shape.slice(1) as [number, number];
      const wide = interpolated(interpolated(image as Tensor4D, 1, height * sizes[0]), 2, width * sizes[1]);
      return isFirst ? tf.transpose(wide, [0, 3, 1, 2]) : wide;
    };
  });

/**
 * Gives an axis of images [B, H, W, C] another length, numbers between two places being a mixture of both. It is a product with a matrix, as TensorFlow.js's
 * own gradient confuses height and width.
 */
function interpolated(x: Tensor4D, axis: 1 | 2, wanted: number): Tensor4D {
  const length: number = x.shape[axis];
  const shares = new Float32Array(wanted * length);
  for (let n = 0; n < wanted; n++) {
    const at = ((n + 0.5) * length) / wanted - 0.5;
    const before = Math.floor(at);
    shares[n * length + Math.max(before, 0)] += 1 - (at - before);
    shares[n * length + Math.min(before + 1, length - 1)] += at - before;
  }
  const order = axis === 1 ? [0, 2, 3, 1] : [0, 1, 3, 2];
  const last = tf.transpose(x, order);
  const rows = tf.matMul(tf.reshape(last, [-1, length]), tf.tensor2d(shares, [wanted, length]), false, true);
  const longer = tf.reshape(rows, [last.shape[0], last.shape[1], last.shape[2], wanted]);
  return tf.transpose(longer, axis === 1 ? [0, 3, 1, 2] : [0, 1, 3, 2]) as Tensor4D;
}

/** Images of another height and width; places are the middles of their pixels, as TensorFlow has it, and TensorFlow.js's own layer hasn't. */
const resizing = moving((config) => {
  const [height, width] = [config.count('height'), config.count('width')];
  const interpolation = config.choice('interpolation', ['bilinear', 'nearest'], 'bilinear');
  for (const name of ['crop_to_aspect_ratio', 'pad_to_aspect_ratio', 'antialias'])
    if (config.flag(name, false)) config.refuse(name, 'false');
  const nearest = (x: Tensor, axis: 1 | 2, wanted: number): Tensor => {
    const length = x.shape[axis]!;
    const places = Int32Array.from({ length: wanted }, (_, n) => Math.floor(((n + 0.5) * length) / wanted));
    return tf.gather(x, tf.tensor1d(places, 'int32'), axis);
  };
  return (x) =>
    asImages(x, config, (images) =>
      interpolation === 'nearest'
        ? nearest(nearest(images, 1, height), 2, width)
        : interpolated(interpolated(images, 1, height), 2, width),
    );
});

function repeatPlaces(x: Tensor, counts: readonly number[]): Tensor {
  return counts.reduce((repeated, count, axis) => {
    if (count === 1) return repeated;
    const copies = tf.stack(
      Array.from({ length: count }, () => repeated),
      axis + 1,
    );
    return tf.reshape(
      copies,
      repeated.shape.map((length, n) => (n === axis ? length * count : length)),
    );
  }, x);
}

/** Layers that move numbers, or repeat or leave out some. */
export const SHAPE_LAYERS: LayerTable = byFormula({
  Reshape: moving((config) => {
    const shape = config.integers('target_shape');
    return (x) => tf.reshape(x, [x.shape[0], ...shape]);
  }),
  Flatten: moving((config) => {
    const isFirst = config.has('data_format') && config.channelsFirst;
    return (x) => {
      const last = isFirst && x.rank > 1 ? tf.transpose(x, [0, ...x.shape.map((_, n) => n).slice(2), 1]) : x;
      return tf.reshape(last, [x.shape[0], x.size / x.shape[0]]);
    };
  }),
  Permute: moving((config) => {
    const order = config.integers('dims');
    return (x) => tf.transpose(x, [0, ...order]);
  }),
  RepeatVector: moving((config) => {
    const count = config.count('n');
    return (x) => tf.tile(tf.expandDims(x, 1), [1, count, 1]);
  }),
  Cropping1D: cropping(1),
  Cropping2D: cropping(2),
  ZeroPadding1D: zeroPadding(1),
  ZeroPadding2D: zeroPadding(2),
  UpSampling1D: repeating(1),
  UpSampling2D: repeating(2),
  Resizing: resizing,
});
