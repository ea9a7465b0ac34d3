import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  additiveAttention,
  dotProductAttention,
  replayable,
  selectBackend,
  slidingWindow,
  weightedContext,
  type SelectedBackend,
} from '@heed/core';
import * as ops from '@heed/core/model-ops';
import { wasm } from '../index.js';
import { RECORDABLE } from './recordable.js';

type Named = Readonly<Record<string, tf.Tensor>>;

let backend: SelectedBackend;
beforeAll(async () => {
  backend = await selectBackend(wasm({ threads: 1 }));
});
afterAll(() => backend.dispose());

const random = (shape: readonly number[], seed: number): tf.Tensor =>
  tf.randomUniform([...shape], 0.1, 2, 'float32', seed);
const matrix = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [6, 8]);
const heads = (x: tf.Tensor): tf.Tensor4D => tf.reshape(x, [1, 2, 6, 4]);

/** For each kernel a function of x [2, 3, 8] that runs it. */
const USES: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor | readonly tf.Tensor[]>> = {
  Reshape: (x) => tf.square(tf.reshape(x, [48])),
  ExpandDims: (x) => tf.square(tf.expandDims(x, 1)),
  Identity: (x) => tf.square(tf.clone(x)),
  Add: (x) => tf.add(x, 2),
  AddN: (x) => tf.addN([x, tf.square(x), x]),
  Sub: (x) => tf.sub(x, random([8], 1)),
  Multiply: (x) => tf.mul(tf.mul(x, 3), x),
  RealDiv: (x) => tf.div(1, x),
  Maximum: (x) => tf.maximum(x, 1),
  Minimum: (x) => tf.minimum(x, tf.scalar(1)),
  SquaredDifference: (x) => tf.squaredDifference(x, 1),
  Pow: (x) => tf.pow(x, 1.5),
  Less: (x) => tf.less(x, 1),
  LessEqual: (x) => tf.lessEqual(x, random([8], 1)),
  Greater: (x) => tf.greater(x, 1),
  GreaterEqual: (x) => tf.greaterEqual(x, 1),
  Equal: (x) => tf.equal(tf.maximum(x, 1), 1),
  NotEqual: (x) => tf.notEqual(tf.maximum(x, 1), 1),
  LogicalAnd: (x) => tf.logicalAnd(tf.less(x, 1.5), tf.greater(x, 0.5)),
  Select: (x) => tf.where(tf.less(x, 1), x, tf.neg(x)),
  Abs: (x) => tf.abs(tf.sub(x, 1)),
  Exp: (x) => tf.exp(x),
  Neg: (x) => tf.neg(x),
  Log: (x) => tf.log(x),
  Relu: (x) => tf.relu(tf.sub(x, 1)),
  Rsqrt: (x) => tf.rsqrt(x),
  Sqrt: (x) => tf.sqrt(x),
  Square: (x) => tf.square(x),
  Sin: (x) => tf.sin(x),
  Cos: (x) => tf.cos(x),
  Transpose: (x) => [tf.transpose(x, [1, 0, 2]), tf.square(tf.transpose(tf.reshape(x, [1, 6, 8]), [1, 0, 2]))],
  Tile: (x) => tf.tile(x, [1, 2, 1]),
  Reverse: (x) => tf.reverse(x, 1),
  Sum: (x) => [tf.sum(x), tf.sum(x, 0)],
  Mean: (x) => tf.mean(x, -1),
  Max: (x) => tf.max(x, 1),
  BatchMatMul: (x) => [tf.matMul(x, x, true), tf.matMul(matrix(x), matrix(x), false, true)],
  _FusedMatMul: (x) => tf.fused.matMul({ a: matrix(x), b: matrix(x), transposeB: true, activation: 'relu' }),
  Tanh: (x) => tf.tanh(x),
  Sigmoid: (x) => tf.sigmoid(x),
  Softmax: (x) => tf.softmax(x),
  Einsum: (x) => tf.einsum('btu,bsu->bst', x, x),
  Slice: (x) => tf.slice(x, [0, 1, 2], [2, 2, 3]),
  SplitV: (x) => tf.split(x, [1, 2], 1),
  Unpack: (x) => tf.unstack(x, 1),
  Concat: (x) => tf.concat([x, tf.square(x)], 2),
  Pack: (x) => tf.stack([x, tf.square(x)], 1),
  GatherV2: (x) => tf.gather(x, tf.tensor1d([1, 0, 1], 'int32')),
  ZerosLike: (x) => tf.add(tf.zerosLike(x), x),
  HeedDotProductAttention: (x) => {
    const options = { mask: slidingWindow({ left: 2, offset: 0 }), returnWeights: true } as const;
    const { context, weights } = dotProductAttention(heads(x), heads(tf.square(x)), heads(x), options);
    return [context, weights];
  },
  HeedAdditiveAttention: (x) =>
    additiveAttention(x as tf.Tensor3D, x as tf.Tensor3D, random([8], 3) as tf.Tensor1D, x as tf.Tensor3D).context,
  HeedWeightedContext: (x) => weightedContext(x, tf.transpose(x, [0, 2, 1]), { normalizer: 'sparsemax' }).context,
  HeedLstmGates: (x) => ops.lstmGates([tf.reshape(x, [6, 8])], random([6, 4], 2) as tf.Tensor2D),
  HeedGruReset: (x) => ops.gruReset([tf.reshape(x, [6, 8])], random([6, 4], 2) as tf.Tensor2D),
  HeedGruUpdate: (x) =>
    ops.gruUpdate([tf.reshape(x, [12, 4])], random([12, 8], 3) as tf.Tensor2D, random([12, 4], 2) as tf.Tensor2D),
  HeedLayerNorm: (x) => ops.layerNorm(matrix(x), random([8], 2) as tf.Tensor1D, random([8], 3) as tf.Tensor1D, 1e-5),
  HeedAddBias: (x) => ops.addBias(matrix(x), random([8], 2) as tf.Tensor1D),
  HeedAddResidual: (x) => ops.addResidual(matrix(x), matrix(x), random([8], 2) as tf.Tensor1D),
  HeedRectifiedLayer: (x) => ops.rectifiedLayer(matrix(x), tf.neg(random([8], 2)) as tf.Tensor1D),
  HeedTanhLayer: (x) => ops.tanhLayer([matrix(x), matrix(x)], random([8], 2) as tf.Tensor1D),
  HeedMaxoutLayer: (x) => ops.maxoutLayer([matrix(x), matrix(x)], random([8], 2) as tf.Tensor1D),
  HeedSquaredRelu: (x) => ops.squaredRelu(tf.sub(matrix(x), 1)),
  HeedFirstColumns: (x) => ops.firstColumns(matrix(x), 3),
  HeedGelu: (x) => ops.gelu(x),
  HeedGeluLayer: (x) => ops.geluLayer(matrix(x), random([8], 2) as tf.Tensor1D),
  HeedSwish: (x) => ops.swish(x),
  HeedRotaryEmbedding: (x) =>
    ops.rotaryEmbedding(
      heads(x),
      { cos: random([9, 2], 4) as tf.Tensor2D, sin: random([9, 2], 5) as tf.Tensor2D },
      { starts: 1 },
    ),
  HeedConv2d: (x) =>
    ops.conv2d(tf.reshape(x, [2, 2, 3, 4]), random([2, 3, 4, 5], 6) as tf.Tensor4D, { padding: 'same', strides: 2 }),
  HeedTensorScatter: (x) => ops.tensorScatter(tf.zeros([2, 5, 8]), x, { starts: [1, 2], axis: 1 }),
};

describe('what is recorded is done again', () => {
  it('has a use of each kernel here', () => {
    expect(Object.keys(USES).toSorted()).toEqual([...RECORDABLE].toSorted());
  });

  it.each(Object.entries(USES))('%s', (kernelName, use) => {
    const f = ({ x }: Named): Named => {
      const made = use(x!);
      return Object.fromEntries((Array.isArray(made) ? made : [made]).map((one: tf.Tensor, n) => [String(n), one]));
    };
    const constants = tf.memory().numTensors;
    const replayed = replayable(f);
    const calls = counted(kernelName);
    try {
      for (let n = 0; n < 5; n++) {
        tf.tidy(() => {
          const x = random([2, 3, 8], 10 + n);
          const before = calls.count;
          const got = replayed({ x });
          // The first two calls are recorded, the others don't reach TensorFlow.js.
          if (n < 2) expect(calls.count).toBeGreaterThan(before);
          else expect(calls.count).toBe(before);
          expect(numbers(got)).toEqual(numbers(f({ x })));
        });
      }
    } finally {
      calls.restore();
      replayed.dispose();
    }
    expect(tf.memory().numTensors).toBe(constants);
  });
});

const numbers = (named: Named): number[][] => Object.values(named).map((x) => Array.from(x.dataSync()));

/** Counts the calls of a kernel. */
function counted(kernelName: string): { readonly count: number; restore(): void } {
  const config = tf.getKernel(kernelName, 'wasm')!;
  const { kernelFunc } = config;
  const counter = {
    count: 0,
    restore: () => {
      config.kernelFunc = kernelFunc;
    },
  };
  config.kernelFunc = (args) => {
    counter.count++;
    return kernelFunc(args);
  };
  return counter;
}
