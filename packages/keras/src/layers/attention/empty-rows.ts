import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { asked } from '@heed/attention';

/** Smaller than any sum of scores, and no infinity, which shaders compare as they like. */
const LEAST = -1e38;

/**
 * Queries that may attend to no key: bool [..., Tq, 1].
 *
 * @param logSumExp of an op, [..., Tq], −∞ for such queries
 * @param some bool that broadcasts to the result, false for other queries that are to count as such
 */
export const emptyRows = (logSumExp: Tensor, some?: Tensor): Tensor =>
  asked(logSumExp, (sum) => {
    const empty = tf.expandDims(tf.less(sum, LEAST), -1);
    return some === undefined ? empty : tf.logicalOr(empty, tf.logicalNot(some));
  });
