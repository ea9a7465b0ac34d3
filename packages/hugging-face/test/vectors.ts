import { readFileSync } from 'node:fs';

/** A file of `vectors/front-ends`, as JSON. */
export const frontEnds = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../../vectors/front-ends/${name}`, import.meta.url), 'utf8')) as T;

/** The bytes that a text in base64 stands for. */
export const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(base64, 'base64'));

/** Largest difference of two lists of numbers; NaN when one is longer. */
export const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length ? Array.from(a, (x, n) => Math.abs(x - b[n]!)).reduce((m, x) => Math.max(m, x), 0) : Number.NaN;
