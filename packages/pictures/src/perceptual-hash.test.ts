import { expect, it } from 'vitest';
import { bytesOf, pictures } from '../test/vectors.js';
import { hashDistance, perceptualHash } from './perceptual-hash.js';
import { rgbOf } from './picture.js';
import { resize } from './resize.js';

const pictureNamed = (wanted: string) => {
  const { rgb, ...sides } = pictures.hashes.find(({ name }) => name === wanted)!;
  return rgbOf({ ...sides, data: bytesOf(rgb) });
};

it.each(pictures.hashes)('the hash of $name is ImageHash’s', ({ name, hash }) => {
  expect(perceptualHash(pictureNamed(name)).toString(16).padStart(16, '0')).toBe(hash);
});

/** Discs of several greys and colours. */
function discs(side: number, places: readonly (readonly [x: number, y: number, radius: number])[]) {
  const data = Array.from({ length: side * side }, (_, n) => {
    const [x, y] = [((n % side) + 0.5) / side, (Math.floor(n / side) + 0.5) / side];
    const at = places.findIndex(([left, top, radius]) => Math.hypot(x - left, y - top) < radius);
    return at < 0 ? [250, 240, 230] : [40 + 50 * at, 200 - 70 * at, 20];
  });
  return rgbOf({ width: side, height: side, data: data.flat() });
}

it('is near for a picture of another size, and far for another picture', () => {
  const places = [
    [0.3, 0.3, 0.15],
    [0.7, 0.4, 0.2],
    [0.4, 0.8, 0.1],
  ] as const;
  const picture = discs(64, places);
  const hash = perceptualHash(picture);
  expect(hashDistance(hash, perceptualHash(resize(picture, 90, 80)))).toBeLessThanOrEqual(4);
  expect(hashDistance(hash, perceptualHash(discs(200, places)))).toBeLessThanOrEqual(6);
  expect(
    hashDistance(
      hash,
      perceptualHash(
        discs(
          64,
          places.map(([x, y, r]) => [1 - x, y, r]),
        ),
      ),
    ),
  ).toBeGreaterThan(16);
});

it('counts the bits that differ', () => {
  expect(hashDistance(0n, 2n ** 64n - 1n)).toBe(64);
  expect(hashDistance(0b1011n, 0b0010n)).toBe(2);
});
