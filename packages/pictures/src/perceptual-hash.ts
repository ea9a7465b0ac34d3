import { flatten } from './flatten.js';
import type { Picture, PictureLike } from './picture.js';
import { resize } from './resize.js';

/** Side of the picture that is hashed, in pixels, and of the square of low frequencies that make the bits. */
const SIDE = 32;
const LOW = 8;

/**
 * Perceptual hash of a picture, pHash: 64 bits that say which of the 8 × 8 lowest frequencies of the 32 × 32 greys are above their
 * median. It is alike for pictures that look alike in their greys, and says nothing of colours. A picture with alpha is seen on white.
 *
 * @returns the bits, row by row from the lowest frequency, the first being the highest bit
 * @throws HeedError INVALID_ARGUMENT, SHAPE_MISMATCH for what is no picture
 * @see Zauner 2010, "Implementation and benchmarking of perceptual image hash functions", §3.2.1, computed as `phash` of the
 *   Python package ImageHash 4 does: Pillow's greys and Lanczos resizing, and the first row and column included
 */
export function perceptualHash(picture: PictureLike): bigint {
  const low = lowFrequencies(resize(greyOf(picture), SIDE, SIDE, 'lanczos').data);
  const sorted = low.toSorted();
  const median = (sorted[low.length / 2 - 1] + sorted[low.length / 2]) / 2;
  let hash = 0n;
  for (const value of low) hash = (hash << 1n) | (value > median ? 1n : 0n);
  return hash;
}

/** Number of bits in which two perceptual hashes differ, from 0 to 64: pictures that look alike differ in few. */
export function hashDistance(a: bigint, b: bigint): number {
  let bits = 0;
  for (let rest = a ^ b; rest > 0n; rest &= rest - 1n) bits++;
  return bits;
}

/** Greys of a picture on white, as PIL's `convert('L')` weighs the colours: ITU-R 601-2 in units of 2⁻¹⁶. */
function greyOf(picture: PictureLike): Picture {
  const { width, height, data } = flatten(picture);
  const grey = new Uint8Array(width * height);
  for (let n = 0; n < grey.length; n++) {
    grey[n] = (data[3 * n] * 19595 + data[3 * n + 1] * 38470 + data[3 * n + 2] * 7471 + 0x8000) >> 16;
  }
  return { width, height, channels: 1, data: grey };
}

/** cos(π (2 n + 1) k / 64): the discrete cosine transform of second kind, of the lowest frequencies k. */
const COSINES = Array.from({ length: LOW }, (_, k) =>
  Float64Array.from({ length: SIDE }, (_, n) => Math.cos((Math.PI * (2 * n + 1) * k) / (2 * SIDE))),
);

/** The lowest frequencies of columns and rows, [8, 8] in rows. */
function lowFrequencies(grey: Uint8Array): Float64Array {
  const columns = COSINES.map((cosine) =>
    Float64Array.from({ length: SIDE }, (_, x) => {
      let sum = 0;
      for (let y = 0; y < SIDE; y++) sum += cosine[y] * grey[y * SIDE + x];
      return sum;
    }),
  );
  return Float64Array.from({ length: LOW * LOW }, (_, n) => {
    const [row, cosine] = [columns[Math.floor(n / LOW)], COSINES[n % LOW]];
    let sum = 0;
    for (let x = 0; x < SIDE; x++) sum += cosine[x] * row[x];
    return sum;
  });
}
