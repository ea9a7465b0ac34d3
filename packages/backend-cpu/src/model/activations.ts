import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { GeluApproximation } from '@heed/core/model-ops';
import type { CpuEngine } from '../engine.js';
import { exp } from '../exp.js';
import { distributionAt, normalDistribution } from './normal-distribution.js';
import type { Passes } from './passes.js';
import { columnSums, sumOf } from './row-sums.js';
import { sigmoid } from './sigmoid.js';

/** An activation of a number, and its derivative. */
interface Scalar {
  value(x: number): number;
  slope(x: number): number;
}

const DENSITY_AT_ZERO = 1 / Math.sqrt(2 * Math.PI);
const SLOPE = 2 * Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;
/** From here on, what σ(u) leaves to 1 is 0, also times x³: σ(u) is 1 − e^−20 for x = 4 already. */
const FAR = 16;

const GELU: Readonly<Record<GeluApproximation, Scalar>> = {
  none: {
    value: (x) => x * normalDistribution(x),
    slope(x) {
      const e = exp(-0.5 * x * x);
      return distributionAt(x, e) + x * e * DENSITY_AT_ZERO;
    },
  },
  tanh: {
    value: (x) => x * sigmoid(x * SLOPE * (1 + CUBIC * x * x)),
    slope(x) {
      const bounded = Math.max(-FAR, Math.min(FAR, x));
      const square = bounded * bounded;
      const share = sigmoid(bounded * SLOPE * (1 + CUBIC * square));
      return share + bounded * SLOPE * (1 + 3 * CUBIC * square) * share * (1 - share);
    },
  },
};

const swishOf = (beta: number): Scalar => ({
  value: (x) => x * sigmoid(beta * x),
  slope(x) {
    const gate = sigmoid(beta * x);
    return gate + beta * x * gate * (1 - gate);
  },
});

const valuesOf = (engine: CpuEngine, x: TensorInfo, { value }: Scalar): TensorInfo =>
  engine.output(x.shape, engine.floats(x).map(value));

function gradientsOf(engine: CpuEngine, x: Float32Array, dY: TensorInfo, { slope }: Scalar): TensorInfo {
  const slopes = x.map(slope);
  const gradients = engine.floats(dY).map((d, n) => d * slopes[n]);
  return engine.output(dY.shape, gradients);
}

export const gelu: Passes<'gelu'> = (engine) => ({
  forward: ({ x }, { approximate }) => ({ y: valuesOf(engine, x, GELU[approximate]) }),
  backward: ({ x, dY }, { approximate }) => ({ dX: gradientsOf(engine, engine.floats(x), dY, GELU[approximate]) }),
});

export const geluLayer: Passes<'geluLayer'> = (engine) => ({
  forward: ({ x, bias }, { approximate }) => ({
    y: engine.output(x.shape, sumOf(engine, [x], bias).map(GELU[approximate].value)),
  }),
  backward({ x, bias, dY }, { approximate }) {
    const dX = gradientsOf(engine, sumOf(engine, [x], bias), dY, GELU[approximate]);
    return { dX, dBias: columnSums(engine, dX) };
  },
});

export const swish: Passes<'swish'> = (engine) => ({
  forward: ({ x }, { beta }) => ({ y: valuesOf(engine, x, swishOf(beta)) }),
  backward: ({ x, dY }, { beta }) => ({ dX: gradientsOf(engine, engine.floats(x), dY, swishOf(beta)) }),
});
