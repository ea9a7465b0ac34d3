import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { byFormula, type MakeFormula } from './formula.js';
import type { LayerConfig } from './layer-config.js';
import type { LayerTable } from './make-layer.js';

/** Numbers of classes as they are, or as rows with a number for each class: which there is, which there are, or how often. */
function encoded(config: LayerConfig, mode: string, classes: number): (ids: Tensor) => Tensor {
  if (mode === 'int') return (ids) => ids;
  const hot = (ids: Tensor): Tensor => tf.cast(tf.oneHot(tf.cast(ids, 'int32'), classes), 'float32');
  if (mode === 'one_hot') {
    // An axis of length 1 at the end is that of the class.
    return (ids) => hot(ids.rank > 1 && ids.shape.at(-1) === 1 ? tf.squeeze(ids, [ids.rank - 1]) : ids);
  }
  if (mode === 'multi_hot') return (ids) => tf.max(hot(ids), ids.rank - 1);
  if (mode === 'count') return (ids) => tf.sum(hot(ids), ids.rank - 1);
  return config.refuse('output_mode', 'one of these: int, one_hot, multi_hot, count');
}

/** Rows of numbers of classes. */
const categoryEncoding: MakeFormula = (config) => {
  const mode = config.choice('output_mode', ['multi_hot', 'one_hot', 'count'], 'multi_hot');
  const encode = encoded(config, mode, config.count('num_tokens'));
  return { run: (x) => encode(x) };
};

/** The number of the range in which each number is; a boundary belongs to the range above it. */
const discretization: MakeFormula = (config) => {
  const boundaries = config.numbers('bin_boundaries');
  const mode = config.choice('output_mode', ['int', 'one_hot', 'multi_hot', 'count'], 'int');
  const encode = encoded(config, mode, boundaries.length + 1);
  return {
    run(x) {
      const above = tf.greaterEqual(tf.expandDims(tf.cast(x, 'float32'), -1), tf.tensor1d([...boundaries]));
      return encode(tf.cast(tf.sum(tf.cast(above, 'float32'), -1), 'int32'));
    },
  };
};

/** The middle of images [..., H, W, C] that are at least so large. */
const centerCrop: MakeFormula = (config) => {
  const [height, width] = [config.count('height'), config.count('width')];
  const isFirst = config.has('data_format') && config.channelsFirst;
  return {
    run(x) {
      const [down, across] = isFirst ? [x.rank - 2, x.rank - 1] : [x.rank - 3, x.rank - 2];
      const [tall, wide] = [x.shape[down]!, x.shape[across]!];
      if (tall < height || wide < width)
        config.refuse('height', `at most that of the images, which are ${tall} by ${wide}`);
      const begin = x.shape.map((_, axis) =>
        axis === down ? Math.floor((tall - height) / 2) : axis === across ? Math.floor((wide - width) / 2) : 0,
      );
      return tf.slice(x, begin, x.shape.with(down, height).with(across, width));
    },
  };
};

/** Layers that bring data into the form that a model learns from. */
export const PREPARING_LAYERS: LayerTable = byFormula({
  CategoryEncoding: categoryEncoding,
  Discretization: discretization,
  CenterCrop: centerCrop,
});
