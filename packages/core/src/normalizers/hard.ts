import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { defineNormalizer } from './define.js';
import { spoilRows } from './rows.js';

/** 1 at the first of the highest scores, of which +∞ may be one. Moving a score a little moves no weight. */
export const hard = defineNormalizer({
  name: 'hard',
  title: 'hard',
  forward(scores) {
    const chosen = tf.cast(tf.equal(firstHighest(scores), keyPositions(scores)), 'float32');
    return spoilRows(chosen, tf.isNaN(scores));
  },
  backward: (weights) => tf.zerosLike(weights),
});

/** int32 […, Tq, 1]. */
const firstHighest = (scores: Tensor): Tensor => tf.expandDims(tf.argMax(scores, -1), -1);
/** int32 [Tk]; tf.oneHot would do, but takes no single key. */
const keyPositions = (scores: Tensor): Tensor => tf.range(0, scores.shape.at(-1)!, 1, 'int32');
