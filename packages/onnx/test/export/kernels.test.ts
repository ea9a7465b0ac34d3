import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { conv2d, gelu, geluLayer, layerNorm, swish, toPositions, toSteps } from '@heed/core/model-ops';
import { beforeAll, expect, it } from 'vitest';
import { differenceOf } from './run-model.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Results by name of x, float32 [batch, time, 4], of k, its whole numbers from 0 to 4, and of b, bool [batch, time, 4]. */
type Cases = Readonly<Record<string, (x: Tensor3D, k: Tensor3D, b: Tensor3D) => Tensor>>;

const above = (x: Tensor): Tensor => tf.add(tf.abs(x), 1.25);
const within = (x: Tensor): Tensor => tf.mul(x, 0.9);

/** Ops of one tensor, each of what is made of x. */
const each = (ops: Readonly<Record<string, (x: Tensor) => Tensor>>, make: (x: Tensor) => Tensor): Cases =>
  Object.fromEntries(Object.entries(ops).map(([name, op]) => [name, (x: Tensor) => op(make(x))]));

const OF_SMALL = {
  abs: tf.abs,
  asin: tf.asin,
  acos: tf.acos,
  asinh: tf.asinh,
  atan: tf.atan,
  atanh: tf.atanh,
  ceil: tf.ceil,
  cos: tf.cos,
  cosh: tf.cosh,
  elu: tf.elu,
  erf: tf.erf,
  exp: tf.exp,
  expm1: tf.expm1,
  floor: tf.floor,
  neg: tf.neg,
  relu: tf.relu,
};
const OF_ANY = {
  relu6: tf.relu6,
  round: tf.round,
  selu: tf.selu,
  sigmoid: tf.sigmoid,
  sign: tf.sign,
  sin: tf.sin,
  sinh: tf.sinh,
  softplus: tf.softplus,
  square: tf.square,
  step: tf.step,
  tan: tf.tan,
  tanh: tf.tanh,
  isFinite: tf.isFinite,
  isInf: tf.isInf,
  isNaN: tf.isNaN,
};
const OF_LARGE = {
  acosh: tf.acosh,
  log: tf.log,
  log1p: tf.log1p,
  reciprocal: tf.reciprocal,
  rsqrt: tf.rsqrt,
  sqrt: tf.sqrt,
};

const ELEMENTWISE: Cases = {
  ...each(OF_SMALL, within),
  ...each(OF_ANY, (x) => tf.mul(x, 3)),
  ...each(OF_LARGE, above),
  leakyRelu: (x) => tf.leakyRelu(x, 0.3),
  prelu: (x) => tf.prelu(x, tf.tensor3d([[[0.1, 0.2, 0.3, 0.4]]])),
  clip: (x) => tf.clipByValue(x, -0.5, 0.25),
  clipWhole: (_, k) => tf.clipByValue(k, 1, 3),
  absWhole: (_, k) => tf.abs(tf.sub(k, tf.scalar(2, 'int32'))),
  pow: (x) => tf.pow(above(x), tf.tensor1d([1, 2, 0.5, -1])),
  div: (x) => tf.div(x, above(x)),
  extremes: (x) => tf.minimum(tf.maximum(x, -0.2), tf.scalar(0.4)),
  squaredDifference: (x) => tf.squaredDifference(x, tf.scalar(0.5)),
  mod: (x) => tf.mod(tf.mul(x, 5), tf.scalar(1.5)),
  floorDiv: (_, k) => tf.floorDiv(tf.sub(k, tf.scalar(2, 'int32')), tf.scalar(3, 'int32')),
  addN: (x) => tf.addN([x, x, tf.relu(x)]),
  compare: (x) => tf.logicalOr(tf.greater(x, 0.5), tf.lessEqual(x, -0.5)),
  compareWhole: (_, k) => tf.logicalXor(tf.equal(k, tf.scalar(2, 'int32')), tf.greaterEqual(k, tf.scalar(1, 'int32'))),
  unequal: (_, k, b) => tf.logicalAnd(tf.logicalNot(b), tf.notEqual(k, tf.scalar(3, 'int32'))),
  less: (x) => tf.less(x, tf.tensor1d([0.1, -0.1, 0.5, 0])),
  where: (x, _, b) => tf.where(b, x, tf.zerosLike(x)),
  casts: (x, k, b) =>
    tf.add(tf.add(tf.cast(k, 'float32'), tf.cast(b, 'float32')), tf.cast(tf.cast(tf.mul(x, 9), 'int32'), 'float32')),
};

const LAYOUT: Cases = {
  reshape: (x) => tf.reshape(x, [x.shape[0], x.shape[1] * 2, 2]),
  flat: (x) => tf.reshape(x, [-1]),
  merged: (x) => tf.reshape(x, [x.shape[0] * x.shape[1], 4]),
  transpose: (x) => tf.transpose(x, [1, 2, 0]),
  concat: (x) => tf.concat([x, tf.neg(x)], 1),
  stack: (x) => tf.stack([x, tf.exp(x)], 2),
  unstack: (x) => tf.add(...(tf.unstack(x, 2).slice(1, 3) as [Tensor, Tensor])),
  split: (x) => tf.split(x, [1, 3], 2)[1],
  slice: (x) => tf.slice(x, [0, 1, 1], [-1, -1, 2]),
  last: (x) => tf.slice(x, [0, x.shape[1] - 1, 0], [-1, 1, -1]),
  strided: (x) => tf.stridedSlice(x, [0, 0, 3], [x.shape[0], x.shape[1], 0], [1, 1, -2]),
  reverse: (x) => tf.reverse(x, 1),
  reverseAll: (x) => tf.reverse(x),
  tile: (x) => tf.tile(x, [1, 2, 3]),
  broadcast: (x) => tf.broadcastTo(tf.slice(x, [0, 0, 0], [-1, 1, -1]), x.shape),
  pad: (x) =>
    tf.pad(
      x,
      [
        [0, 0],
        [2, 0],
        [0, 1],
      ],
      7,
    ),
  fill: (x) => tf.mul(x, tf.fill(x.shape, 0.5)),
  ones: (x) => tf.add(tf.onesLike(x), tf.ones([x.shape[0], 1, 1])),
  range: (x) => tf.add(x, tf.reshape(tf.range(0, x.shape[1]), [1, -1, 1])),
  size: (x) => tf.div(tf.sum(x, 1), x.shape[1]),
  linspace: (x) => tf.mul(x, tf.linspace(0, 1, 4)),
};

const REDUCTIONS: Cases = {
  sum: (x) => tf.sum(x, [0, 2]),
  sumWhole: (_, k) => tf.sum(k, 1),
  mean: (x) => tf.mean(x, -1, true),
  prod: (x) => tf.prod(above(x), 2),
  max: (x) => tf.max(x, 1),
  min: (x) => tf.min(x, [1, 2], true),
  all: (_x, _k, b) => tf.all(b, 2),
  any: (_x, _k, b) => tf.any(b, 1, true),
  argMax: (x) => tf.argMax(x, 1),
  argMin: (x) => tf.argMin(x, -1),
  softmax: (x) => tf.softmax(x),
  logSoftmax: (x) => tf.logSoftmax(x),
  cumsum: (x) => tf.cumsum(x, 1, true, true),
  topk: (x) => tf.topk(x, 2).values,
  topkPlaces: (x) => tf.topk(x, 3).indices,
};

const PRODUCTS: Cases = {
  matMul: (x) => tf.matMul(x, x, false, true),
  matMulTurned: (x) => tf.matMul(x, x, true, false),
  fused: (x) =>
    tf.fused.matMul({ a: x, b: tf.ones([1, 4, 2]) as Tensor3D, bias: tf.tensor1d([0.5, -2]), activation: 'relu' }),
  einsum: (x) => tf.einsum('btw,bsw->bts', x, x),
  conv2d: (x) =>
    tf.conv2d(tf.expandDims(x, 3) as Tensor4D, tf.reshape(tf.range(0, 18), [3, 3, 1, 2]) as Tensor4D, 1, 'same'),
  conv1d: (x) => tf.conv1d(x, tf.reshape(tf.range(0, 24), [3, 4, 2]) as Tensor3D, 1, 'same'),
};

const INDEXING: Cases = {
  gather: (_, k) => tf.gather(tf.reshape(tf.range(0, 15), [5, 3]), k),
  gatherAlong: (x) => tf.gather(x, tf.tensor1d([3, 0], 'int32'), 2),
  gatherNd: (_, k) => tf.gatherND(tf.range(0, 5), tf.expandDims(k, 3)),
  oneHot: (_, k) => tf.oneHot(k, 5),
  segments: (x, k) => tf.unsortedSegmentSum(tf.reshape(x, [-1]), tf.reshape(k, [-1]) as Tensor1D, 5),
};

const MODEL_OPS: Cases = {
  layerNorm: (x) => layerNorm(tf.reshape(x, [-1, 4]), tf.tensor1d([1, 2, 3, 4]), tf.tensor1d([0, 1, 0, 1])),
  gelu: (x) => gelu(x),
  geluByTanh: (x) => gelu(x, 'tanh'),
  geluLayer: (x) => geluLayer(tf.reshape(x, [-1, 4]), tf.tensor1d([0, 1, 0, -1])),
  geluLayerByTanh: (x) => geluLayer(tf.reshape(x, [-1, 4]), tf.tensor1d([0, 1, 0, -1]), 'tanh'),
  swish: (x) => swish(x, 1.702),
  conv2d: (x) =>
    conv2d(tf.expandDims(x, 1), tf.reshape(tf.range(0, 24), [1, 3, 4, 2]), {
      padding: [
        [0, 0],
        [2, 1],
      ],
      strides: [1, 2],
    }),
  sameConv2d: (x) => conv2d(tf.expandDims(x, 2), tf.reshape(tf.range(0, 24), [3, 1, 4, 2]), { padding: 'same' }),
  forward: (x) => toSteps(x, 'forward', new Int32Array(x.shape[0]).fill(x.shape[1])),
  backward: (x) => toSteps(x, 'backward', new Int32Array(x.shape[0]).fill(x.shape[1])),
  positions: (x) => {
    const steps = [tf.slice(x, [0, 0, 0], [-1, 1, -1]), tf.slice(x, [0, 1, 0], [-1, 1, -1])];
    const states = steps.map((step) => tf.squeeze(step, [1]) as Tensor2D);
    return toPositions({ forward: states, backward: states }, new Int32Array(x.shape[0]).fill(2));
  },
};

it.each([
  ['elementwise', ELEMENTWISE],
  ['layout', LAYOUT],
  ['reductions', REDUCTIONS],
  ['products', PRODUCTS],
  ['indexing', INDEXING],
  ['model ops', MODEL_OPS],
])('%s computes in a model what it computes here', async (name, cases) => {
  const graph = {
    name,
    inputs: {
      x: { shape: ['batch', 'time', 4], dtype: 'float32' },
      k: { shape: ['batch', 'time', 4], dtype: 'int32' },
      b: { shape: ['batch', 'time', 4], dtype: 'bool' },
    },
    run: ({ x, k, b }: Readonly<Record<string, Tensor>>) =>
      tf.tidy(() =>
        Object.fromEntries(
          Object.entries(cases).map(([one, run]) => [one, run(x as Tensor3D, k as Tensor3D, b as Tensor3D)]),
        ),
      ),
  } as const;
  const sizes = [
    { batch: 2, time: 4 },
    { batch: 1, time: 9 },
  ];
  expect(await differenceOf(graph, sizes, { longest: { time: 16 } })).toBeLessThan(1e-4);
});
