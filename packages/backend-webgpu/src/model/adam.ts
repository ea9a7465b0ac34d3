import type { AdamAttributes } from '@heed/core/model-ops';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Scope } from '../scope.js';
import { forEach, numbersOf } from './elementwise.js';

interface AdamTensors {
  readonly value: TensorInfo;
  readonly gradient: TensorInfo;
  readonly mean: TensorInfo;
  readonly square: TensorInfo;
}

interface AdamStep {
  readonly nextValue: TensorInfo;
  readonly nextMean: TensorInfo;
  readonly nextSquare: TensorInfo;
}

/** A step of Adam in one pass. */
export function adam(
  scope: Scope,
  { value, gradient, mean, square }: AdamTensors,
  attributes: AdamAttributes,
): AdamStep {
  const { rate, epsilon, scale, beta1, beta2 } = attributes;
  const [nextValue, nextMean, nextSquare] = [value, mean, square].map(({ shape }) => scope.output(shape)) as [
    TensorInfo,
    TensorInfo,
    TensorInfo,
  ];
  forEach(scope, numbersOf(value), {
    label: 'Adam',
    inputs: { V: value, G: gradient, M: mean, S: square },
    outputs: { X: nextValue, Y: nextMean, Z: nextSquare },
    // What is left of 1 is a float32 of its own: of β₂ near 1 the difference of float32s has lost some.
    floats: { rate, epsilon, scale, beta1, beta2, rest1: 1 - beta1, rest2: 1 - beta2 },
    code: `
  let g = u.scale * G[n];
  let m = M[n] * u.beta1 + g * u.rest1;
  let s = S[n] * u.beta2 + g * g * u.rest2;
  X[n] = V[n] - m * u.rate / (sqrt(s) + u.epsilon);
  Y[n] = m;
  Z[n] = s;`,
  });
  return { nextValue, nextMean, nextSquare };
}
