import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { asImages, type OnImages } from './as-images.js';
import { asPair, placementOf } from './convolution/placement.js';
import { partsUnder, withEdges } from './convolution/windows.js';
import { composedWhereRecorded } from './convolution/where-recorded.js';
import { byFormula, type MakeFormula } from './formula.js';
import type { LayerConfig } from './layer-config.js';
import type { LayerTable } from './make-layer.js';

/** What the numbers under a window become, by a kernel of the engine and composed. */
export interface Pool {
  /** What stands beyond the edges. */
  readonly beyond: number;
  own(x: Tensor4D, size: [number, number], strides: [number, number]): Tensor;
  composed(parts: readonly Tensor4D[]): Tensor;
  /** Whether the result is a sum, to be divided by how many numbers don't lie beyond the edges. */
  readonly divides: boolean;
}

export const LARGEST: Pool = {
  beyond: -3.4e38,
  own: (x, size, strides) => tf.maxPool(x, size, strides, 'valid'),
  composed: (parts) => parts.reduce((largest: Tensor, one) => tf.maximum(largest, one)),
  divides: false,
};

export const MEAN: Pool = {
  beyond: 0,
  own: (x, size, strides) => tf.mul(tf.avgPool(x, size, strides, 'valid'), size[0] * size[1]),
  composed: (parts) => tf.addN([...parts]),
  divides: true,
};

/** One number for each window, along one axis of space or two. */
export const ofWindows =
  ({ beyond, own, composed, divides }: Pool, axes: 1 | 2): MakeFormula =>
  (config) => {
    const size = config.perAxis('pool_size', axes, 2);
    const strides = config.has('strides') ? config.perAxis('strides', axes) : size;
    const padding = config.choice('padding', ['valid', 'same'], 'valid');
    const spacing = { size, strides, dilations: size.map(() => 1), padding };
    const window = asPair(size, 1);
    const onImages: OnImages = (images) => {
      const placement = placementOf(spacing, images.shape.slice(3 - axes, 3));
      const pooled = composedWhereRecorded(
        (x) => composed(partsUnder(x as Tensor4D, window, placement)),
        (x) => own(x as Tensor4D, window, [...placement.strides]),
        withEdges(images, placement, beyond),
      );
      if (!divides) return pooled;
      const inside = withEdges(tf.ones([1, images.shape[1], images.shape[2], 1]), placement);
      return tf.div(pooled, composed(partsUnder(inside, window, placement)));
    };
    return { run: (x) => asImages(x, config, onImages) };
  };

/** One number for each channel, of all places. */
const ofAllPlaces =
  (reduce: (x: Tensor, axes: number[], keeps: boolean) => Tensor): MakeFormula =>
  (config) => {
    const keeps = config.flag('keepdims', false);
    return { run: (x) => reduce(x, places(x, config), keeps) };
  };

function places(x: Tensor, config: LayerConfig): number[] {
  const axes = x.shape.map((_, n) => n);
  return config.has('data_format') && config.channelsFirst ? axes.slice(2) : axes.slice(1, -1);
}

/** The mean over time of the steps that the mask attends to; NaN in a row without any, as in Keras. */
const meanOverTime: MakeFormula = (config) => {
  const keeps = config.flag('keepdims', false);
  return {
    argumentNames: ['inputs', 'mask'],
    mask: () => null,
    run(x, { mask }) {
      const [time] = places(x, config);
      if (mask === undefined) return tf.mean(x, time, keeps);
      const attended = tf.expandDims(tf.cast(mask as Tensor, 'bool'), time === 1 ? 2 : 1);
      const kept = tf.where(tf.broadcastTo(attended, x.shape), x, tf.zerosLike(x));
      return tf.div(tf.sum(kept, time, keeps), tf.sum(tf.cast(attended, 'float32'), time, keeps));
    },
  };
};

/** Layers that make one number of several places. */
export const POOLING_LAYERS: LayerTable = byFormula({
  MaxPooling1D: ofWindows(LARGEST, 1),
  MaxPooling2D: ofWindows(LARGEST, 2),
  AveragePooling1D: ofWindows(MEAN, 1),
  AveragePooling2D: ofWindows(MEAN, 2),
  GlobalAveragePooling1D: meanOverTime,
  GlobalAveragePooling2D: ofAllPlaces(tf.mean),
  GlobalMaxPooling1D: ofAllPlaces(tf.max),
  GlobalMaxPooling2D: ofAllPlaces(tf.max),
  GlobalAveragePooling3D: ofAllPlaces(tf.mean),
  GlobalMaxPooling3D: ofAllPlaces(tf.max),
});
