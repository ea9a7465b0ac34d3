import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { layerNorm, squaredRelu } from '@heed/core/model-ops';
import { createFeedForward, type Activation } from '../src/layers/feed-forward.js';
import { createLayerNorm } from '../src/layers/layer-norm.js';
import { meanPooling } from '../src/layers/mean-pooling.js';
import { Parameters } from '../src/layers/parameters.js';
import { COMPOSED, CPU, WASM, evaluateOp, greatestDifference, useEngine, values } from './engines.js';

const ROWS = 5;
const WIDTH = 6;
const HIDDEN = 7;
const ENGINES = [CPU, COMPOSED, WASM] as const;

/** Plain float64 loops over row-major arrays, sharing nothing with the layers. */
const formulas = {
  layerNorm(x: Float64Array, gain: Float64Array, bias: Float64Array): Float64Array {
    const width = gain.length;
    return x.map((value, n) => {
      const row = [...x.subarray(n - (n % width), n - (n % width) + width)];
      const mean = row.reduce((sum, one) => sum + one, 0) / width;
      const variance = row.reduce((sum, one) => sum + (one - mean) * (one - mean), 0) / width;
      return ((value - mean) / Math.sqrt(variance + 1e-5)) * gain[n % width] + bias[n % width];
    });
  },
  squaredRelu: (x: Float64Array): Float64Array => x.map((value) => (value > 0 ? value * value : 0)),
  product(x: Float64Array, kernel: Float64Array, inner: number): Float64Array {
    const columns = kernel.length / inner;
    return Float64Array.from({ length: (x.length / inner) * columns }, (_, n) => {
      let sum = 0;
      for (let i = 0; i < inner; i++) {
        sum += x[Math.floor(n / columns) * inner + i] * kernel[i * columns + (n % columns)];
      }
      return sum;
    });
  },
};

/** The gradient of Σ output∘weights, by central differences. */
function differences(f: (...inputs: Float64Array[]) => Float64Array, inputs: readonly Float64Array[]): Float64Array[] {
  const step = 1e-6;
  const weights = values(f(...inputs).length, 99);
  const total = (moved: readonly Float64Array[]) => f(...moved).reduce((sum, y, n) => sum + y * weights[n], 0);
  return inputs.map((input, i) =>
    input.map((value, n) => {
      const at = (to: number) => total(inputs.map((other, j) => (i === j ? other.with(n, to) : other)));
      return (at(value + step) - at(value - step)) / (2 * step);
    }),
  );
}

const OPS = [
  ['layerNorm', layerNorm, formulas.layerNorm, [[ROWS, WIDTH], [WIDTH], [WIDTH]]],
  ['squaredRelu', squaredRelu, formulas.squaredRelu, [[ROWS, WIDTH]]],
] as const;

describe.each(OPS)('%s', (_, op, formula, shapes) => {
  const inputs = shapes.map((shape, i) => Float64Array.from(values(tf.util.sizeFromShape([...shape]), i)));
  const f = formula as (...inputs: Float64Array[]) => Float64Array;

  it.each(ENGINES)('gives the formula and its gradients on %s', async (engine) => {
    const { output, gradients } = await evaluateOp(engine, op as (...inputs: never[]) => tf.Tensor, shapes);
    expect(greatestDifference(output, f(...inputs))).toBeLessThan(1e-5);
    differences(f, inputs).forEach((expected, i) => {
      expect(greatestDifference(gradients[i], expected)).toBeLessThan(2e-5);
    });
  });
});

describe('createLayerNorm', () => {
  it('starts with rows of mean 0 and variance 1, however far off they were', async () => {
    await useEngine(WASM);
    const parameters = new Parameters(1);
    const normalise = createLayerNorm(parameters, 'norm', WIDTH);
    const x = tf.tensor2d(
      values(ROWS * WIDTH).map((value) => 1000 + 100 * value),
      [ROWS, WIDTH],
    );
    const y = tf.tidy(() => normalise(x));
    const { mean, variance } = tf.tidy(() => tf.moments(y, 1));
    for (const value of mean.dataSync()) expect(value).toBeCloseTo(0, 4);
    for (const value of variance.dataSync()) expect(value).toBeCloseTo(1, 4);
    expect(Object.keys(parameters.all)).toEqual(['norm/gain', 'norm/bias']);
    tf.dispose([x, y, mean, variance]);
    parameters.dispose();
  });
});

/** x·Φ(x), with the integral of the normal distribution by Simpson's rule. */
function plainGelu(x: number): number {
  const steps = 400;
  const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(x);
  for (let n = 1; n < steps; n++) sum += density((x * n) / steps) * (n % 2 === 1 ? 4 : 2);
  return x * (0.5 + (sum * x) / steps / 3);
}

type Plain = (...inputs: Float64Array[]) => Float64Array;

/** Formula of the layer with each activation, from x and its parameters in their order. */
const LAYERS: Readonly<Record<Activation, Plain>> = {
  gelu(x, w1, b1, w2, b2) {
    const hidden = formulas.product(x, w1, WIDTH).map((sum, n) => plainGelu(sum + b1[n % HIDDEN]));
    return formulas.product(hidden, w2, HIDDEN).map((sum, n) => sum + b2[n % WIDTH]);
  },
  squaredRelu: (x, w1, w2) => formulas.product(formulas.squaredRelu(formulas.product(x, w1, WIDTH)), w2, HIDDEN),
  relu(x, w1, b1, w2, b2) {
    const hidden = formulas.product(x, w1, WIDTH).map((sum, n) => Math.max(0, sum + b1[n % HIDDEN]));
    return formulas.product(hidden, w2, HIDDEN).map((sum, n) => sum + b2[n % WIDTH]);
  },
};

describe.each(Object.entries(LAYERS))('createFeedForward with %s', (activation, f) => {
  it.each(ENGINES)('is its formula on %s, and its parameters learn', async (engine) => {
    await useEngine(engine);
    const parameters = new Parameters(1);
    const options = { width: WIDTH, feedForwardWidth: HIDDEN, activation: activation as Activation };
    const { apply, bias } = createFeedForward(parameters, 'part', options);
    const layer = (x: tf.Tensor2D): tf.Tensor2D => (bias === undefined ? apply(x) : tf.add(apply(x), bias));
    const variables = Object.values(parameters.all);
    // Biases start at 0, where they would hide.
    variables.forEach((variable, i) => {
      if (variable.rank === 1) tf.tidy(() => variable.assign(tf.tensor(values(variable.size, i), variable.shape)));
    });
    const before = tf.memory().numTensors;
    const inputs = [values(ROWS * WIDTH), ...variables.map((variable) => variable.dataSync())].map((x) =>
      Float64Array.from(x),
    );
    const x = tf.tensor2d(Float32Array.from(inputs[0]!), [ROWS, WIDTH]);
    const y = tf.tidy(() => layer(x));
    expect(greatestDifference(y.dataSync(), f(...inputs))).toBeLessThan(1e-5);

    const weights = tf.tensor2d(values(y.size, 99), y.shape);
    const { value, grads } = tf.variableGrads(() => tf.sum(tf.mul(layer(x), weights)), variables);
    const [, ...expected] = differences(f, inputs);
    variables.forEach(({ name }, i) => {
      expect(greatestDifference(grads[name].dataSync(), expected[i])).toBeLessThan(2e-5);
    });
    tf.dispose([x, y, weights, value, grads]);
    expect(tf.memory().numTensors).toBe(before);
    parameters.dispose();
  });
});

describe('meanPooling', () => {
  it.each(ENGINES)('is the mean of what a row has on %s', async (engine) => {
    await useEngine(engine);
    const x = tf.tensor3d([1, 2, 3, 4, 50, 60, 7, 8, 90, 90, 90, 90], [2, 3, 2]);
    const mean = tf.tidy(() => meanPooling(x, Int32Array.of(2, 1)));
    expect(Array.from(mean.dataSync())).toEqual([2, 3, 7, 8]);
    const gradient = tf.tidy(() => tf.grad((y) => tf.sum(meanPooling(y as tf.Tensor3D, Int32Array.of(2, 1))))(x));
    expect(Array.from(gradient.dataSync())).toEqual([0.5, 0.5, 0.5, 0.5, 0, 0, 1, 1, 0, 0, 0, 0]);
    tf.dispose([x, mean, gradient]);
  });
});
