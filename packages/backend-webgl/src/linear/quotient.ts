import { eachRow } from '../glsl.js';
import type { Grid } from '../grid.js';
import type { Scope } from '../scope.js';

/** Contexts of what is read, whose column `valueWidth` is the normaliser: the quotient, 0 where that is 0; both in tiles. */
export function divide(scope: Scope, read: Grid, valueWidth: number): Grid {
  const output = scope.grid(read.n, read.rows, Math.ceil(valueWidth / 4), 4);
  scope.draw({
    inputs: { X: read },
    integers: { valueWidth },
    output,
    code: `${NORMALIZERS}
void compute(int n, int r, int c) {
  vec4 by = normalizersOf(n, r);
  mat4 x = tileX(atX(n, r, c));
  ${eachRow('out# = by[#] == 0.0 ? vec4(0.0) : x[#] / by[#];')}
}`,
  });
  return output;
}

/** Gradients in what is read, of those in contexts; both step by step. */
export function divideBackward(scope: Scope, read: Grid, dContext: Grid, valueWidth: number): Grid {
  const output = scope.grid(dContext.n, dContext.rows, read.columns, 1);
  scope.draw({
    inputs: { X: read, D: dContext },
    integers: { valueWidth },
    output,
    code: `${NORMALIZERS}
void compute(int n, int r, int c) {
  int row = n & 3, own = valueWidth & 3;
  float by = normalizersOf(n >> 2, r)[row];
  vec4 x = vec4(0.0);
  if (c < sizeD.y) x = texelFetch(D0, atD(n, r, c), 0) / by;
  if (c == valueWidth >> 2) {
    float sum = 0.0;
    for (int t = 0; t < sizeD.y; t++) {
      // Beyond the values gradients are 0.
      sum += dot(texelFetch(D0, atD(n, r, t), 0), tileX(atX(n >> 2, r, t))[row] / by);
    }
    x[own] = -sum / by;
  }
  out0 = by == 0.0 ? vec4(0.0) : x;
}`,
  });
  return output;
}

const NORMALIZERS = `
vec4 normalizersOf(int n, int r) {
  mat4 x = tileX(atX(n, r, valueWidth >> 2));
  int own = valueWidth & 3;
  return vec4(x[0][own], x[1][own], x[2][own], x[3][own]);
}`;
