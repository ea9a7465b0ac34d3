import type { RotaryAttributes } from '@heed/core/model-ops';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Scope } from '../scope.js';
import { forEach, numbersOf } from './elementwise.js';

interface RotaryTensors {
  readonly x: TensorInfo;
  readonly cos: TensorInfo;
  readonly sin: TensorInfo;
}

/** Rotary embedding in one pass. */
export function rotary(scope: Scope, { x, cos, sin }: RotaryTensors, attributes: RotaryAttributes): TensorInfo {
  const { layout, direction, starts, rows } = attributes;
  const [, heads, time, width] = x.shape as [number, number, number, number];
  const y = scope.output(x.shape);
  const isHalf = layout === 'half';
  forEach(scope, numbersOf(x), {
    label: 'rotary embedding',
    inputs: { X: x, C: cos, S: sin, Rows: scope.numbers(rows === undefined ? [...starts] : [...rows]) },
    outputs: { Y: y },
    integers: { heads, time, width, pairs: cos.shape[1]! },
    floats: { direction },
    code: `
  let d = n % u.width;
  let t = n / u.width % u.time;
  let b = n / (u.width * u.time * u.heads);
  if (d >= 2 * u.pairs) { Y[n] = X[n]; return; }
  let row = ${rows === undefined ? 'Rows[b] + t' : 'Rows[b * u.time + t]'};
  let isFirst = ${isHalf ? 'd < u.pairs' : 'd % 2 == 0'};
  let pair = ${isHalf ? 'd % u.pairs' : 'd / 2'};
  let apart = ${isHalf ? 'u.pairs' : '1'};
  let c = C[row * u.pairs + pair];
  let s = u.direction * S[row * u.pairs + pair];
  let other = X[select(n - apart, n + apart, isFirst)];
  Y[n] = select(X[n] * c + other * s, X[n] * c - other * s, isFirst);`,
  });
  return y;
}
