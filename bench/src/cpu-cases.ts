import { additiveAttention, dotProductAttention } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { multiplyAdds } from './cpu-ceiling.js';
import type { BenchCase, Contest } from './harness.js';
import type { RunOnce } from './timing.js';

/** Function that computes a case. Both sides get tensors with the same numbers, each on its own engine, in the order of `shapes`. */
type Compute = (...tensors: tf.Tensor[]) => tf.Tensor[];

interface CpuCase extends Omit<BenchCase, 'setUp'> {
  readonly shapes: readonly (readonly number[])[];
  readonly heed: Compute;
  readonly peer: Compute;
}

/** softmax(q·kᵀ/√D)·v, composed of TensorFlow.js's own ops. */
const composedDotProduct: Compute = (query, key, value) => {
  const scores = tf.mul(tf.matMul(query, key, false, true), query.shape.at(-1)! ** -0.5);
  return [tf.matMul(tf.softmax(scores), value)];
};

const fusedDotProduct: Compute = (query, key, value) => [
  dotProductAttention(query as tf.Tensor4D, key as tf.Tensor4D, value as tf.Tensor4D).context,
];

/** softmax(vᵀ·tanh(q + k))·values, composed of TensorFlow.js's own ops. */
const composedAdditive: Compute = (query, key, vector, value) => {
  const [batch, queries, units] = query.shape as [number, number, number];
  const keys = key.shape[1]!;
  const hidden = tf.tanh(tf.add(tf.expandDims(query, 2), tf.expandDims(key, 1))); // [B, Tq, Tk, U]
  const flat = tf.matMul(tf.reshape(hidden, [batch * queries * keys, units]), tf.reshape(vector, [units, 1]));
  return [tf.matMul(tf.softmax(tf.reshape(flat, [batch, queries, keys])), value)];
};

const fusedAdditive: Compute = (query, key, vector, value) => [
  additiveAttention(query as tf.Tensor3D, key as tf.Tensor3D, vector as tf.Tensor1D, value as tf.Tensor3D).context,
];

const matMul =
  (transposeA: boolean, transposeB: boolean): Compute =>
  (a, b) => [tf.matMul(a, b, transposeA, transposeB)];

/** Gradients with respect to all inputs; the last tensor is the gradient of the output. */
const withGradients =
  (compute: Compute): Compute =>
  (...tensors) => {
    const inputs = tensors.slice(0, -1);
    return tf.grads((...variables: tf.Tensor[]) => compute(...variables)[0])(inputs, tensors.at(-1));
  };

const DOT_PRODUCT_SHAPE = [1, 8, 512, 64];
const ADDITIVE_SHAPES = [[64, 20, 128], [64, 20, 128], [128], [64, 20, 256]];
const SQUARE = [512, 512];
const BATCHED_SQUARE = [4, 512, 512];

const CASES: readonly CpuCase[] = [
  {
    name: 'dot-product-forward',
    title: 'attention forward, B1 H8 T512 D64',
    target: 8,
    rounds: 5,
    shapes: [DOT_PRODUCT_SHAPE, DOT_PRODUCT_SHAPE, DOT_PRODUCT_SHAPE],
    heed: fusedDotProduct,
    peer: composedDotProduct,
  },
  {
    name: 'dot-product-gradients',
    title: 'attention forward and backward, B1 H8 T512 D64',
    target: null,
    rounds: 3,
    shapes: [DOT_PRODUCT_SHAPE, DOT_PRODUCT_SHAPE, DOT_PRODUCT_SHAPE, DOT_PRODUCT_SHAPE],
    heed: withGradients(fusedDotProduct),
    peer: withGradients(composedDotProduct),
  },
  {
    name: 'additive-forward',
    title: 'additive attention forward, B64 Tq20 Tk20 U128 Dv256',
    target: null,
    rounds: 5,
    shapes: ADDITIVE_SHAPES,
    heed: fusedAdditive,
    peer: composedAdditive,
  },
  {
    name: 'additive-gradients',
    title: 'additive attention forward and backward, B64 Tq20 Tk20 U128 Dv256',
    target: 20,
    rounds: 5,
    shapes: [...ADDITIVE_SHAPES, [64, 20, 256]],
    heed: withGradients(fusedAdditive),
    peer: withGradients(composedAdditive),
  },
  ...(
    [
      ['mat-mul', 'matMul 512×512', SQUARE, false, false],
      ['mat-mul-batched', 'matMul 4×512×512', BATCHED_SQUARE, false, false],
      ['mat-mul-transpose-a', 'matMul 512×512, first operand transposed', SQUARE, true, false],
      ['mat-mul-transpose-b', 'matMul 512×512, second operand transposed', SQUARE, false, true],
    ] as const
  ).map(([name, title, shape, transposeA, transposeB]) => ({
    name,
    title,
    target: 5,
    rounds: 9,
    shapes: [shape, shape],
    heed: matMul(transposeA, transposeB),
    peer: matMul(transposeA, transposeB),
  })),
];

/** A float64 multiply–add each for q·kᵀ and weights·v. */
const DOT_PRODUCT_WORK = 2 * 8 * 512 * 512 * 64;

/** How near the forward pass comes to code that only multiplies and adds registers. */
const ceilingCase = (engine: string): BenchCase => ({
  name: 'ceiling',
  title: 'attention forward, B1 H8 T512 D64, beside as many multiply–adds of registers',
  target: 0.5,
  rounds: 9,
  setUp() {
    const shapes = [DOT_PRODUCT_SHAPE, DOT_PRODUCT_SHAPE, DOT_PRODUCT_SHAPE];
    const { heed, dispose } = setUp(shapes, [engine, fusedDotProduct], [engine, fusedDotProduct]);
    const peer: RunOnce = () => Promise.resolve([Float32Array.of(multiplyAdds(DOT_PRODUCT_WORK, 0.999, 1e-3))]);
    return { heed, peer, yardstick: 'a loop of registers', dispose };
  },
});

export const CASE_NAMES: readonly string[] = [...CASES.map(({ name }) => name), 'ceiling'];

/** Cases in which Heed runs on one engine and the peer on the other. */
export function cpuCases(engines: { readonly heed: string; readonly peer: string }): BenchCase[] {
  const against = CASES.map(({ name, title, target, rounds, shapes, heed, peer }) => ({
    name,
    title,
    target,
    rounds,
    setUp: () => setUp(shapes, [engines.heed, heed], [engines.peer, peer]),
  }));
  return [...against, ceilingCase(engines.heed)];
}

type Side = readonly [engine: string, compute: Compute];

function setUp(shapes: CpuCase['shapes'], heed: Side, peer: Side): Contest {
  const values = shapes.map((shape, n) => seededNumbers(tf.util.sizeFromShape([...shape]), n + 1));
  const sides = [heed, peer].map(([engine, compute]) => {
    let tensors: tf.Tensor[] | undefined;
    const run: RunOnce = async () => {
      await tf.setBackend(engine);
      tensors ??= shapes.map((shape, n) => tf.tensor(values[n].slice(), [...shape]));
      const inputs = tensors;
      const outputs = tf.tidy(() => compute(...inputs));
      // This is outside of tidy, which would search every returned array for tensors.
      const results = outputs.map((output) => output.dataSync() as Float32Array);
      tf.dispose(outputs);
      return results;
    };
    return { run, dispose: () => tf.dispose(tensors ?? []) };
  });
  return { heed: sides[0].run, peer: sides[1].run, dispose: () => sides.forEach(({ dispose }) => dispose()) };
}

/** Uniform numbers in [−1, 1), the same in each run (a linear congruential generator of Numerical Recipes). */
function seededNumbers(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
