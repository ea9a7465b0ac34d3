import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Scope } from '../scope.js';

/** max(0, x)² of each number, in whichever layout the numbers are. */
export function squaredRelu(scope: Scope, x: TensorInfo): TensorInfo {
  const [rows, columns] = x.shape as [number, number];
  const source = scope.tensor(x, [1, rows, columns]);
  const output = source.packed ? scope.output(x.shape) : scope.flatOutput(x.shape);
  scope.draw({
    inputs: { X: source },
    output,
    code: `
void compute(int n, int r, int c) {
  vec4 x = max(texelFetch(X0, atX(n, r, c), 0), 0.0);
  out0 = x * x;
}`,
  });
  return output.tensor;
}
