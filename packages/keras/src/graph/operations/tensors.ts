import * as tf from '@tensorflow/tfjs-core';
import { arange, stopGradient } from '../array-operations.js';
import { dtypeOf, floats, numbers, tensor } from '../operation-arguments.js';
import { unary, type Operation, type Operations } from './operation.js';

const zerosLike: Operation = {
  names: ['x', 'dtype'],
  run: ({ x, dtype }) => tf.zeros(tensor(x).shape, dtype ? dtypeOf(dtype) : tensor(x).dtype),
};

export const tensors: Operations = {
  Cast: { names: ['x', 'dtype'], run: ({ x, dtype }) => tf.cast(tensor(x), dtypeOf(dtype)) },
  ConvertToTensor: {
    names: ['x', 'dtype'],
    run: ({ x, dtype }) =>
      dtype === undefined || dtype === null ? tf.clone(tensor(x)) : tf.cast(tensor(x), dtypeOf(dtype)),
  },
  StopGradient: { names: ['variable'], run: ({ variable }) => stopGradient(tensor(variable)) },
  ZerosLike: zerosLike,
  OnesLike: {
    names: ['x', 'dtype'],
    run: ({ x, dtype }) => tf.ones(tensor(x).shape, dtype ? dtypeOf(dtype) : tensor(x).dtype),
  },
  Zeros: {
    names: ['shape', 'dtype'],
    run: ({ shape, dtype }) => tf.zeros(numbers(shape), dtypeOf(dtype ?? 'float32')),
  },
  Ones: { names: ['shape', 'dtype'], run: ({ shape, dtype }) => tf.ones(numbers(shape), dtypeOf(dtype ?? 'float32')) },
  Arange: { names: ['start', 'stop', 'step', 'dtype'], run: arange },
  Identity: unary(tf.clone),
  Copy: unary(tf.clone),
  EmptyLike: zerosLike,
  FullLike: {
    names: ['x', 'fillValue', 'dtype'],
    run({ x, fillValue, dtype }) {
      const { shape, dtype: own } = tensor(x);
      return tf.cast(tf.broadcastTo(floats(tensor(fillValue)), shape), dtype ? dtypeOf(dtype) : own);
    },
  },
  Full: {
    names: ['fillValue', 'shape', 'dtype'],
    run: ({ fillValue, shape, dtype }) =>
      tf.cast(tf.broadcastTo(floats(tensor(fillValue)), numbers(shape)), dtype ? dtypeOf(dtype) : 'float32'),
  },
  Linspace: {
    names: ['start', 'stop', 'num', 'endpoint', 'axis'],
    run({ start, stop, num = 50, endpoint, axis }) {
      const [first, last] = [start, stop].map((x) => floats(tensor(x)));
      const parts = endpoint === false ? Number(num) : Math.max(Number(num) - 1, 1);
      const step = tf.div(tf.sub(last!, first!), parts);
      const points = Array.from({ length: Number(num) }, (_, n) => tf.add(first!, tf.mul(step, n)));
      return tf.stack(points, axis === undefined || axis === null ? 0 : Number(axis));
    },
  },
};
