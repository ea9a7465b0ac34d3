import type { TensorInfo } from '@tensorflow/tfjs-core';
import { FLAT_GROUP, flat, type Pass } from '../pass.js';
import type { Scope } from '../scope.js';

/** Sides of the tile of the product that a workgroup computes, and of what it reads at a time. Each of 64 invocations has 4 × 4 numbers. */
const TILE = 32;
const DEPTH = 16;
const INVOCATIONS = 64;

export interface ProductSizes {
  readonly batch: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Whether the batch has one matrix A, or one B, for all. */
  readonly oneA: boolean;
  readonly oneB: boolean;
}

/**
 * A·B of each of a batch, in the order of the inner axis. What lies beside a matrix isn't read, so that a NaN stays in its rows and columns:
 * the engine's own product multiplies it by 0 in others.
 */
export function product(scope: Scope, a: TensorInfo, b: TensorInfo, output: TensorInfo, sizes: ProductSizes): void {
  const { batch, rows, inner, columns, transposeA, transposeB, oneA, oneB } = sizes;
  const tiles = productTiles(batch, rows, inner, columns);
  scope.run({
    label: 'product',
    inputs: { A: a, B: b },
    outputs: { Y: output },
    ...tiles,
    integers: {
      ...tiles.integers,
      batchA: oneA ? 0 : rows * inner,
      rowA: transposeA ? 1 : inner,
      innerA: transposeA ? rows : 1,
      batchB: oneB ? 0 : inner * columns,
      innerB: transposeB ? 1 : columns,
      columnB: transposeB ? inner : 1,
    },
    code: `
fn numberA(n: i32, i: i32, k: i32) -> f32 {
  if (i >= u.rows || k >= u.inner) { return 0.0; }
  return A[n * u.batchA + i * u.rowA + k * u.innerA];
}
fn numberB(n: i32, k: i32, j: i32) -> f32 {
  if (k >= u.inner || j >= u.columns) { return 0.0; }
  return B[n * u.batchB + k * u.innerB + j * u.columnB];
}
${tiledProduct((l) => `sum${l} += x[${l}] * y;`)}`,
  });
}

const each = (code: (n: number) => string): string => [0, 1, 2, 3].map(code).join('\n');

/** Workgroups of a product, by the uniforms that its code reads. */
export function productTiles(
  batch: number,
  rows: number,
  inner: number,
  columns: number,
): Pick<Pass, 'invocations' | 'workgroups'> & Required<Pick<Pass, 'integers'>> {
  const [downTiles, acrossTiles] = [Math.ceil(rows / TILE), Math.ceil(columns / TILE)];
  return {
    integers: { batch, rows, inner, columns, downTiles, acrossTiles },
    invocations: INVOCATIONS,
    workgroups: flat(batch * downTiles * acrossTiles),
  };
}

/**
 * Code of a product Y of two matrices, of which `numberA(n, row, k)` and `numberB(n, k, column)` are the numbers, 0 beyond their ends.
 *
 * @param add adds `x[l] * y`, of row `l` of four, to `sum‹l›`
 */
export const tiledProduct = (add: (l: number) => string): string => `
var<workgroup> left: array<vec4f, ${(TILE / 4) * DEPTH}>;
var<workgroup> right: array<vec4f, ${(TILE / 4) * DEPTH}>;
${FLAT_GROUP}
fn compute(group: vec3u, local: u32) {
  let tile = i32(flatGroup(group));
  let n = tile / (u.downTiles * u.acrossTiles);
  let top = tile / u.acrossTiles % u.downTiles * ${TILE};
  let start = tile % u.acrossTiles * ${TILE};
  let row = i32(local) / ${TILE / 4};
  let column = i32(local) % ${TILE / 4};
  ${each((k) => `var sum${k} = vec4f(0.0);`)}
  if (n < u.batch) {
    for (var first = 0; first < u.inner; first += ${DEPTH}) {
      for (var s = i32(local); s < ${(TILE / 4) * DEPTH}; s += ${INVOCATIONS}) {
        let k = first + s / ${TILE / 4};
        let four = s % ${TILE / 4} * 4;
        left[s] = vec4f(${[0, 1, 2, 3].map((l) => `numberA(n, top + four + ${l}, k)`).join(', ')});
        right[s] = vec4f(${[0, 1, 2, 3].map((l) => `numberB(n, k, start + four + ${l})`).join(', ')});
      }
      workgroupBarrier();
      for (var k = 0; k < ${DEPTH}; k++) {
        if (first + k >= u.inner) { break; }
        let x = left[k * ${TILE / 4} + row];
        let y = right[k * ${TILE / 4} + column];
        ${each(add)}
      }
      workgroupBarrier();
    }
    ${each(
      (k) => `
    if (top + 4 * row + ${k} < u.rows) {
      for (var l = 0; l < 4; l++) {
        let j = start + 4 * column + l;
        if (j < u.columns) { Y[(n * u.rows + top + 4 * row + ${k}) * u.columns + j] = sum${k}[l]; }
      }
    }`,
    )}
  }
}`;
