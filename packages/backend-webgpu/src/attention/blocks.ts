import { INVOCATIONS } from './tiles.js';

/**
 * Blocks of pairs, in which an invocation has some rows and some columns: each number that it reads from the workgroup's memory is used several times,
 * where an invocation with a row of its own reads one for each product.
 *
 * Of 64 invocations 8 are down and 8 across. One has four rows in the parts of a vector, `down`, and of the columns every eighth, from `across` on, so that
 * neighbours read neighbours.
 */

/** Rows and columns of a block of scores. */
export const BLOCK = 32;

const ACROSS = 8;

/** Numbers of each row that are in the workgroup's memory at a time: a wait of all invocations for each. */
const DEPTH = 32;

/** Columns of scores that an invocation has. */
export const SCORES = BLOCK / ACROSS;

/** Vectors of four rows that an invocation has of sums of so many columns. */
export const sums = (width: number): number => Math.ceil(width / ACROSS);

/** Rows of so many numbers that are in the memory of the right at a time: a power of two, of which a block has a whole number. */
const rowsAtOnce = (width: number): number => Math.min(BLOCK, 2 ** Math.floor(Math.log2((DEPTH * BLOCK) / width)));

/** Memory of a block: the left of a product, or coefficients that it became; and the right of one, or rows that the coefficients are for. */
export const BLOCK_MEMORY = `
var<workgroup> left: array<vec4f, ${(Math.max(DEPTH, BLOCK) * BLOCK) / 4}>;
var<workgroup> right: array<f32, ${DEPTH * BLOCK}>;
var<workgroup> gathered: array<vec4f, ${INVOCATIONS}>;`;

export const PLACE = `
  let lane = i32(local);
  let down = lane / ${ACROSS};
  let across = lane % ${ACROSS};`;

/** `number‹as›(matrix, row, k)`: number k of a row of a matrix, 0 beyond its ends. */
export const numberReading = (name: string, width: number, rows: string, factor = '', as = name): string => `
fn number${as}(matrix: i32, row: i32, k: i32) -> f32 {
  if (row >= ${rows} || k >= ${width}) { return 0.0; }
  return ${factor}${name}[(matrix + row) * ${width} + k];
}`;

/** A matrix of which `number‹name›(matrix, row, k)` gives numbers. */
interface Side {
  readonly name: string;
  /** Where it begins. */
  readonly matrix: string;
  /** Its row that stands first in the block. */
  readonly first: string;
}

/** Adds to `‹to›[m]` the products of the block's rows of two matrices, of columns `across + 8·m`. */
export const addProducts = (to: string, left: Side, right: Side, width: number): string => `
  for (var from_ = 0; from_ < ${width}; from_ += ${DEPTH}) {
    for (var n = lane; n < ${(DEPTH * BLOCK) / 4}; n += ${INVOCATIONS}) {
      let k = n % ${DEPTH};
      let row = ${left.first} + 4 * (n / ${DEPTH});
      left[k * ${BLOCK / 4} + n / ${DEPTH}] = vec4f(${[0, 1, 2, 3]
        .map((l) => `number${left.name}(${left.matrix}, row + ${l}, from_ + k)`)
        .join(', ')});
    }
    for (var n = lane; n < ${DEPTH * BLOCK}; n += ${INVOCATIONS}) {
      let k = n % ${DEPTH};
      right[k * ${BLOCK} + n / ${DEPTH}] = number${right.name}(${right.matrix}, ${right.first} + n / ${DEPTH}, from_ + k);
    }
    workgroupBarrier();
    for (var k = 0; k < ${Math.min(DEPTH, width)}; k++) {
      let x = left[k * ${BLOCK / 4} + down];
      ${written(SCORES, (m) => `${to}[${m}] += x * right[k * ${BLOCK} + across + ${m * ACROSS}];`)}
    }
    workgroupBarrier();
  }`;

/** Code that an invocation's coefficients of column `across + 8·m` are given by. */
export const keepCoefficients = (m: string, vector: string): string =>
  `left[(across + ${ACROSS} * ${m}) * ${BLOCK / 4} + down] = ${vector};`;

/**
 * Adds to `‹to›[m]` the block's coefficients times rows of a matrix, of columns `across + 8·m`. A coefficient that is the lowest number stands for a
 * position that takes no part: what the row holds stays out of the sum, NaN included.
 */
export const addRows = (to: string, { name, matrix, first }: Side, width: number): string => {
  const padded = ACROSS * sums(width);
  const rows = rowsAtOnce(padded);
  return `
  for (var from_ = 0; from_ < ${BLOCK}; from_ += ${rows}) {
    for (var n = lane; n < ${rows * padded}; n += ${INVOCATIONS}) {
      right[n] = number${name}(${matrix}, ${first} + from_ + n / ${padded}, n % ${padded});
    }
    workgroupBarrier();
    for (var c = 0; c < ${rows}; c++) {
      let x = left[(from_ + c) * ${BLOCK / 4} + down];
      let isOut = areMasked(x);
      ${written(sums(width), (m) => `${to}[${m}] += select(x * right[c * ${padded} + across + ${m * ACROSS}], vec4f(0.0), isOut);`)}
    }
    workgroupBarrier();
  }`;
};

/** What `join` makes of a vector of each of the 8 invocations that have the same rows. */
export const gather = (vector: string, join: (a: string, b: string) => string): string => `
  gathered[lane] = ${vector};
  workgroupBarrier();
  ${vector} = gathered[down * ${ACROSS}];
  for (var c = 1; c < ${ACROSS}; c++) { ${vector} = ${join(vector, `gathered[down * ${ACROSS} + c]`)}; }
  workgroupBarrier();`;

/** Writes sums to rows of a tensor, of which the block's first is `top` and there are `rows`. */
export const writeSums = (name: string, from: string, matrix: string, rows: string, width: number): string => `
  for (var l = 0; l < 4; l++) {
    let row = top + 4 * down + l;
    if (row >= ${rows}) { continue; }
    for (var m = 0; m < ${sums(width)}; m++) {
      let column = across + ${ACROSS} * m;
      if (column < ${width}) { ${name}[(${matrix} + row) * ${width} + column] = ${from}[m][l]; }
    }
  }`;

export const written = (count: number, code: (m: number) => string): string =>
  Array.from({ length: count }, (_, m) => code(m)).join('\n      ');
