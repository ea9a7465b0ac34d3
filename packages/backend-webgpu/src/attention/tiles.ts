import type { Pairing } from './pairing.js';

/** Code that is the same for the passes that go through tiles of keys, or of queries. */

export const INVOCATIONS = 64;

/** Vectors of four that a row of so many numbers takes. */
export const vectors = (width: number): number => Math.ceil(width / 4);

/** Vectors up to which code is written out for each, so that a row stays in registers, whatever the compiler; of more, it is for it to say. */
const WRITTEN_OUT = 16;

/** Code for each vector `d` of a row, written out as long as there are few of them. */
export function each(width: number, code: string, few = WRITTEN_OUT): string {
  const count = vectors(width);
  if (count > few) return `for (var d = 0; d < ${count}; d++) { ${code} }`;
  return Array.from({ length: count }, (_, n) => `{ ${code.replaceAll(/\bd\b/g, String(n))} }`).join('\n');
}

/** Declares a row of vectors that an invocation has for itself. */
export const row = (name: string, width: number): string => `var ${name}: array<vec4f, ${vectors(width)}>;`;

/** More rows in a tile would save few waits, and a software driver takes a second to compile each 4 KB of a workgroup's memory. */
const MOST_ROWS = 16;

/** Rows of a tile: as many as leave the workgroup's memory for `rowVectors` vectors each, in fours. */
export function tileRows(storageBytes: number, rowVectors: number): number {
  const most = Math.floor(storageBytes / (16 * rowVectors) / 4) * 4;
  return Math.max(4, Math.min(MOST_ROWS, most));
}

/** `read${name}(at, d)`: vector d of the row of `width` numbers that starts at an index, 0 beyond its end. */
export function rowReading(name: string, width: number): string {
  const rest = width % 4;
  const number = (n: number): string => `${name}[at + 4 * d + ${n}]`;
  const whole = `vec4f(${[0, 1, 2, 3].map(number).join(', ')})`;
  const part = `vec4f(${[0, 1, 2, 3].map((n) => (n < rest ? number(n) : '0.0')).join(', ')})`;
  const last = rest === 0 ? '' : `if (d == ${vectors(width) - 1}) { return ${part}; }`;
  return `fn read${name}(at: i32, d: i32) -> vec4f { ${last} return ${whole}; }`;
}

/** Writes the row `vectors` as `width` numbers from index `at` on. */
export const rowWriting = (name: string, vectors: string, width: number): string =>
  `for (var n = 0; n < ${width}; n++) { ${name}[at + n] = ${vectors}[n >> 2u][n & 3]; }`;

/** Loads `rows` rows of a matrix into the workgroup's memory, 0 beyond `end`; all invocations take part. */
export const loading = (tile: string, name: string, width: number, rows: number, base: string): string => `
  for (var s = i32(local); s < ${rows * vectors(width)}; s += ${INVOCATIONS}) {
    let row = first + s / ${vectors(width)};
    ${tile}[s] = vec4f(0.0);
    if (row < end) { ${tile}[s] = read${name}((${base} + row) * ${width}, s % ${vectors(width)}); }
  }`;

/** Sets `sum` to the scalar product of an invocation's row and a row of a tile. */
export const dotOf = (sum: string, own: string, tile: string, width: number, row: string): string => `
  var ${sum} = 0.0;
  ${each(width, `${sum} += dot(${own}[d], ${tile}[(${row}) * ${vectors(width)} + d]);`)}`;

/** Sets `product` to what an invocation's row and a row of a tile are together. */
export const productOf = (pairing: Pairing, own: string, tile: string, width: number, row: string): string => `
  var product = 0.0;
  ${eachOf(pairing, width, `product += ${pairing.term(`${own}[d]`, `${tile}[(${row}) * ${vectors(width)} + d]`)};`)}`;

/** Code for each vector `d` of a row that calls a pairing. */
export const eachOf = ({ isLong }: Pairing, width: number, code: string): string =>
  each(width, code, isLong ? 1 : undefined);

/** Defines `name(part, local)`: what `join` makes of the parts of a workgroup's invocations, by halves; the same for all of them. */
export const joining = (name: string, type: 'f32' | 'vec2f', join: (a: string, b: string) => string): string => `
var<workgroup> ${name}Parts: array<${type}, ${INVOCATIONS}>;
fn ${name}(part: ${type}, local: u32) -> ${type} {
  ${name}Parts[local] = part;
  for (var half_ = ${INVOCATIONS / 2}u; half_ > 0u; half_ /= 2u) {
    workgroupBarrier();
    if (local < half_) { ${name}Parts[local] = ${join(`${name}Parts[local]`, `${name}Parts[local + half_]`)}; }
  }
  return workgroupUniformLoad(&${name}Parts[0]);
}`;

/** `summed(part, local)` of a workgroup. */
export const SUM = joining('summed', 'f32', (a, b) => `${a} + ${b}`);
