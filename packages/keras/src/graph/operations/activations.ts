import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  celu,
  elu,
  findActivation,
  gelu,
  glu,
  hardShrink,
  lastAxis,
  silu,
  softShrink,
  squareplus,
} from '../../standard/activations.js';
import { isOver } from '../../standard/untaped.js';
import { axisOf, floats, tensor } from '../operation-arguments.js';
import { activation, type Operation, type Operations } from './operation.js';

/** The activation of that name. */
const named = (name: string): Operation => activation(findActivation(name, name));

/** An activation with a number of its own; the default is the activation's. */
const withNumber = (argument: string, run: (x: Tensor, value?: number) => Tensor): Operation => ({
  names: ['x', argument],
  run: ({ x, [argument]: value }) =>
    run(floats(tensor(x)), value === undefined || value === null ? undefined : Number(value)),
});

export const activations: Operations = {
  Relu: activation(tf.relu),
  Relu6: activation(tf.relu6),
  Sigmoid: activation(tf.sigmoid),
  Softplus: activation(tf.softplus),
  Elu: withNumber('alpha', elu),
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
  SoftShrink: withNumber('threshold', softShrink),
  HardShrink: withNumber('threshold', hardShrink),
  Threshold: {
    names: ['x', 'threshold', 'defaultValue'],
    run({ x, threshold, defaultValue }) {
      const given = floats(tensor(x));
      const over = isOver(given, Number(threshold));
      return tf.add(tf.mul(given, over), tf.mul(tf.sub(1, over), Number(defaultValue)));
    },
  },
  Squareplus: withNumber('b', squareplus),
  Celu: withNumber('alpha', celu),
  Glu: withNumber('axis', glu),
};
