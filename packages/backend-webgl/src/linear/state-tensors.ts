import type { TensorInfo } from '@tensorflow/tfjs-core';
import { eachRow } from '../glsl.js';
import type { Grid } from '../grid.js';
import { gathering } from '../passes/gather.js';
import { placeTiles } from '../passes/place.js';
import type { Scope } from '../scope.js';
import { stateGrid, stateIntegers, type StateSizes } from './states.js';

interface Widths {
  readonly width: number;
  readonly valueWidth: number;
}

/** A state [B, Hk, D, Dv] and the normaliser beside it, [B, Hk, D], as tiles; zeros for what isn't given. */
export function layState(
  scope: Scope,
  state: TensorInfo | undefined,
  normalizer: TensorInfo | undefined,
  { width, valueWidth }: Widths,
  sizes: StateSizes,
): Grid {
  const source = state && scope.tensor(state, [sizes.rows, width, valueWidth]);
  const beside = normalizer && scope.flat(normalizer);
  const output = stateGrid(scope, 1, sizes);
  scope.draw({
    inputs: { ...(source && { X: source }), ...(beside && { Z: beside }) },
    integers: { ...stateIntegers(sizes), rowsX: width, columnsX: valueWidth, width, valueWidth },
    output,
    code: `${source ? gathering('X', source) : ''}
void compute(int n, int r, int c) {
  int m = r / widthTiles, d = r - m * widthTiles;
  mat4 s = ${source ? 'gatheredX(m, d, c)' : 'mat4(0.0)'};
  ${
    beside
      ? `if (c == valueWidth >> 2) {
    ${eachRow('if (4 * d + # < width) s[#][valueWidth & 3] = texelFetch(Z0, spotZ(m * width + 4 * d + #), 0).r;')}
  }`
      : ''
  }
  ${eachRow('out# = s[#];')}
}`,
  });
  return output;
}

/** A state as a tensor [B, Hk, D, Dv]. */
export function placeState(scope: Scope, state: Grid, shape: readonly number[], sizes: StateSizes): TensorInfo {
  const { rows, widthTiles } = sizes;
  const output = scope.output(shape);
  placeTiles(scope, { ...state, n: rows, rows: widthTiles }, { n: 0, count: rows, row: 0, rows: widthTiles }, output);
  return output.tensor;
}

/** The normaliser of a state as a tensor [B, Hk, D]. */
export function placeNormalizer(
  scope: Scope,
  state: Grid,
  shape: readonly number[],
  { width, valueWidth }: Widths,
  sizes: StateSizes,
): TensorInfo {
  const output = scope.flatOutput(shape);
  scope.draw({
    inputs: { X: state },
    integers: { ...stateIntegers(sizes), width, valueWidth },
    output,
    code: `
void compute(int n, int r, int c) {
  int m = c / width, d = c - m * width;
  mat4 s = tileX(atX(0, m * widthTiles + (d >> 2), valueWidth >> 2));
  out0 = vec4(s[d & 3][valueWidth & 3], 0.0, 0.0, 0.0);
}`,
  });
  return output.tensor;
}
