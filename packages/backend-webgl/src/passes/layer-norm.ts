import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Scope } from '../scope.js';
import { numbersOf } from './texels.js';

interface NormTensors {
  readonly x: TensorInfo;
  readonly gain: TensorInfo;
  readonly bias: TensorInfo;
}

interface Normed {
  readonly y: TensorInfo;
  readonly normal: TensorInfo;
  readonly inverse: TensorInfo;
}

/**
 * Layer norm of rows in two passes: what each row has in common, then y and its normal form at once. The mean of a row stands beside its 1/σ, where
 * a packed tensor of one column has room.
 */
export function layerNorm(scope: Scope, { x, gain, bias }: NormTensors, epsilon: number): Normed {
  const [rows, width] = x.shape as [number, number];
  const source = scope.tensor(x, [1, rows, width]);
  const integers = { rowsX: rows, columnsX: width };
  const inverse = scope.output([rows, 1]);
  scope.draw({
    inputs: { X: source },
    integers,
    floats: { epsilon },
    output: inverse,
    code: `${numbersOf('X', source)}
void compute(int n, int r, int c) {
  int texels = (columnsX + 1) / 2;
  vec2 sum = vec2(0.0);
  for (int d = 0; d < texels; d++) { vec4 x = texelX(0, r, d); sum += x.xz + x.yw; }
  vec2 mean = sum / float(columnsX);
  vec2 squares = vec2(0.0);
  for (int d = 0; d < texels; d++) {
    vec4 x = texelX(0, r, d) - mean.xxyy;
    vec4 square = x * x;
    if (2 * d + 1 == columnsX) square.yw = vec2(0.0);
    squares += square.xz + square.yw;
  }
  vec2 inverse = 1.0 / sqrt(squares / float(columnsX) + epsilon);
  out0 = vec4(inverse.x, mean.x, inverse.y, mean.y);
}`,
  });
  const [gains, biases] = [scope.tensor(gain, [1, 1, width]), scope.tensor(bias, [1, 1, width])];
  const [y, normal] = [scope.output(x.shape), scope.output(x.shape)];
  scope.draw({
    inputs: { X: source, G: gains, B: biases, I: inverse },
    integers: { ...integers, rowsG: 1, columnsG: width, rowsB: 1, columnsB: width },
    output: { ...y, sheets: [...y.sheets, ...normal.sheets] },
    code: `${numbersOf('X', source)}
${numbersOf('G', gains)}
${numbersOf('B', biases)}
void compute(int n, int r, int c) {
  vec4 row = texelFetch(I0, atI(0, r, 0), 0);
  vec4 normal = (texelX(0, r, c) - row.yyww) * row.xxzz;
  out0 = normal * texelG(0, 0, c).xyxy + texelB(0, 0, c).xyxy;
  out1 = normal;
}`,
  });
  return { y: y.tensor, normal: normal.tensor, inverse: inverse.tensor };
}
