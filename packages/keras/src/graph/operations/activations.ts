import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { elu, findActivation, gelu, lastAxis, silu } from '../../standard/activations.js';
import { isOver } from '../../standard/untaped.js';
import { axisOf, floats, tensor } from '../operation-arguments.js';
import { activation, type Operation, type Operations } from './operation.js';

/** The activation of that name. */
const named = (name: string): Operation => activation(findActivation(name, name));

const softShrink = (x: Tensor, threshold: number): Tensor =>
  tf.sub(tf.relu(tf.sub(x, threshold)), tf.relu(tf.sub(tf.neg(x), threshold)));

export const activations: Operations = {
  Relu: activation(tf.relu),
  Relu6: activation(tf.relu6),
  Sigmoid: activation(tf.sigmoid),
  Softplus: activation(tf.softplus),
  Elu: { names: ['x', 'alpha'], run: ({ x, alpha = 1 }) => elu(floats(tensor(x)), Number(alpha)) },
  Selu: activation(tf.selu),
  Silu: activation(silu),
  Gelu: {
    names: ['x', 'approximate'],
    run: ({ x, approximate }) => gelu(tensor(x), approximate !== false),
  },
  LeakyRelu: {
    names: ['x', 'negativeSlope'],
    run: ({ x, negativeSlope = 0.2 }) => tf.leakyRelu(floats(tensor(x)), Number(negativeSlope)),
  },
  Softmax: {
    names: ['x', 'axis'],
    run: ({ x, axis }) => lastAxis(floats(tensor(x)), axisOf(axis), (moved) => tf.softmax(moved)),
  },
  LogSoftmax: {
    names: ['x', 'axis'],
    run: ({ x, axis }) => lastAxis(floats(tensor(x)), axisOf(axis), (moved) => tf.logSoftmax(moved)),
  },
  Softsign: named('softsign'),
  SparsePlus: named('sparse_plus'),
  SparseSigmoid: named('sparse_sigmoid'),
  LogSigmoid: named('log_sigmoid'),
  HardSigmoid: named('hard_sigmoid'),
  HardSilu: named('hard_silu'),
  HardTanh: named('hard_tanh'),
  TanhShrink: named('tanh_shrink'),
  SoftShrink: {
    names: ['x', 'threshold'],
    run: ({ x, threshold = 0.5 }) => softShrink(floats(tensor(x)), Number(threshold)),
  },
  HardShrink: {
    names: ['x', 'threshold'],
    run({ x, threshold = 0.5 }) {
      const given = floats(tensor(x));
      return tf.mul(given, isOver(tf.abs(given), Number(threshold)));
    },
  },
  Threshold: {
    names: ['x', 'threshold', 'defaultValue'],
    run({ x, threshold, defaultValue }) {
      const given = floats(tensor(x));
      const over = isOver(given, Number(threshold));
      return tf.add(tf.mul(given, over), tf.mul(tf.sub(1, over), Number(defaultValue)));
    },
  },
  Squareplus: {
    names: ['x', 'b'],
    run({ x, b = 4 }) {
      const given = floats(tensor(x));
      return tf.div(tf.add(given, tf.sqrt(tf.add(tf.square(given), Number(b)))), 2);
    },
  },
  Celu: {
    names: ['x', 'alpha'],
    run({ x, alpha = 1 }) {
      const given = floats(tensor(x));
      const below = tf.neg(tf.relu(tf.neg(given)));
      return tf.add(tf.relu(given), tf.mul(Number(alpha), tf.expm1(tf.div(below, Number(alpha)))));
    },
  },
  Glu: {
    names: ['x', 'axis'],
    run({ x, axis }) {
      const given = floats(tensor(x));
      const [value, gate] = tf.split(given, 2, axisOf(axis) < 0 ? axisOf(axis) + given.rank : axisOf(axis)) as [
        Tensor,
        Tensor,
      ];
      return tf.mul(value, tf.sigmoid(gate));
    },
  },
};
