import { readFileSync } from 'node:fs';

const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../vectors/${path}/pictures.json`, import.meta.url), 'utf8'));

/** A file that Pillow wrote, and the picture that it reads in it. */
export interface Written {
  readonly name: string;
  readonly file: string;
  readonly width: number;
  readonly height: number;
}

interface Made {
  readonly width: number;
  readonly height: number;
  readonly rgb: string;
}

/** Pictures of `vectors/pictures`; numbers are bytes in base64. */
export const pictures = read('pictures') as {
  readonly files: readonly (Written & { readonly rgba: string })[];
  readonly resized: readonly {
    readonly mode: 'L' | 'LA' | 'RGBA';
    readonly source: { readonly width: number; readonly height: number; readonly data: string };
    readonly filter: string;
    readonly width: number;
    readonly height: number;
    readonly data: string;
  }[];
  readonly hashes: readonly (Made & { readonly name: string; readonly hash: string })[];
};

/** Pictures of `vectors/front-ends`. */
export const frontEnds = read('front-ends') as {
  readonly source: Made;
  readonly resized: readonly (Made & { readonly filter: number })[];
  readonly cropped: readonly Made[];
  readonly files: readonly (Written & { readonly rgb: string })[];
};

/** The bytes that a text in base64 stands for. */
export const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(base64, 'base64'));

/** Largest difference of two lists of numbers; NaN when one is longer. */
export const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length ? Array.from(a, (x, n) => Math.abs(x - b[n]!)).reduce((m, x) => Math.max(m, x), 0) : Number.NaN;
