import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { along } from '../../standard/normalization/layer-normalization.js';
import { normalize } from '../array-operations.js';
import { axesOf, axisOf, floats, fromTheStart, tensor } from '../operation-arguments.js';
import type { Operations } from './operation.js';

/** What Keras adds to a variance, unless it is told otherwise: the smallest step from 1 of float32. */
const EPSILON = 2 ** -23;

/** Parameters of normalised axes, as long as these, where x has them. */
const beside = (x: Tensor, parameter: unknown, axes: readonly number[]): Tensor =>
  along(fromTheStart(axes, x.rank), floats(tensor(parameter)), x);

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** Layers' normalisations as ops. */
export const normalizations: Operations = {
  Normalize: {
    names: ['x', 'axis'],
    fixed: { order: 2, epsilon: 1e-12 },
    run: ({ x, axis }) => normalize(floats(tensor(x)), axisOf(axis)),
  },
  BatchNorm: {
    names: ['x', 'mean', 'variance', 'axis', 'offset', 'scale', 'epsilon'],
    run({ x, mean, variance, axis, offset, scale, epsilon = 1e-3 }) {
      const given = floats(tensor(x));
      const along = (parameter: unknown): Tensor => beside(given, parameter, [axisOf(axis)]);
      const y = tf.mul(tf.sub(given, along(mean)), tf.rsqrt(tf.add(along(variance), Number(epsilon))));
      const scaled = isGiven(scale) ? tf.mul(y, along(scale)) : y;
      return isGiven(offset) ? tf.add(scaled, along(offset)) : scaled;
    },
  },
  LayerNorm: {
    names: ['x', 'gamma', 'beta', 'axis', 'epsilon'],
    run({ x, gamma, beta, axis, epsilon }) {
      const given = floats(tensor(x));
      const axes = axesOf(axis) ?? [-1];
      const { mean, variance } = tf.moments(given, axes, true);
      const y = tf.mul(tf.sub(given, mean), tf.rsqrt(tf.add(variance, Number(epsilon ?? EPSILON))));
      const scaled = isGiven(gamma) ? tf.mul(y, beside(given, gamma, axes)) : y;
      return isGiven(beta) ? tf.add(scaled, beside(given, beta, axes)) : scaled;
    },
  },
  RMSNorm: {
    names: ['x', 'scale', 'axis', 'epsilon'],
    run({ x, scale, axis, epsilon }) {
      const given = floats(tensor(x));
      const axes = axesOf(axis) ?? [-1];
      const square = tf.mean(tf.square(given), axes, true);
      const y = tf.mul(given, tf.rsqrt(tf.add(square, Number(epsilon ?? EPSILON))));
      return isGiven(scale) ? tf.mul(y, beside(given, scale, axes)) : y;
    },
  },
};
