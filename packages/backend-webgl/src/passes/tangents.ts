import type { TensorInfo } from '@tensorflow/tfjs-core';
import { EXP, FLOATS, TANH } from '../glsl.js';
import type { Scope } from '../scope.js';

/** tanh of each number, in whichever layout the numbers are. */
export function tangents(scope: Scope, x: TensorInfo): TensorInfo {
  const { shape } = x;
  const [rows, columns] = [1, 1, ...shape].slice(-2) as [number, number];
  const n = shape.slice(0, -2).reduce((product, length) => product * length, 1);
  const source = shape.length < 2 ? scope.flat(x) : scope.tensor(x, [n, rows, columns]);
  const output = source.packed ? scope.output(shape) : scope.flatOutput(shape);
  scope.draw({
    inputs: { X: source },
    output,
    code: `${FLOATS}
${EXP}
${TANH}
void compute(int n, int r, int c) { out0 = tangent(texelFetch(X0, atX(n, r, c), 0)); }`,
  });
  return output.tensor;
}
