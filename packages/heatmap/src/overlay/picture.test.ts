import { expect, test } from 'vitest';
import { paint } from '../../test/overlays.js';
import { resized, sizeWithin } from './picture.js';

test('a picture keeps its shape, and is at least a pixel', () => {
  expect(sizeWithin({ width: 640, height: 480 }, 256)).toEqual({ width: 256, height: 192 });
  expect(sizeWithin({ width: 1, height: 20_000 }, 256)).toEqual({ width: 1, height: 256 });
});

test('fewer pixels are means of their areas, more are squares', () => {
  const picture = paint(4, 2, (x, y) => [12 * x, 100 * y, 7]);
  expect([...resized(picture, { width: 2, height: 1 }).data]).toEqual([6, 50, 7, 30, 50, 7]);
  // Three pixels of four: each covers one and a third.
  expect([...resized(picture, { width: 3, height: 1 }).data].filter((_, n) => n % 3 === 0)).toEqual([3, 18, 33]);
  const doubled = resized(
    paint(2, 1, (x) => [x, x, x]),
    { width: 4, height: 2 },
  );
  expect([...doubled.data].filter((_, n) => n % 3 === 0)).toEqual([0, 0, 1, 1, 0, 0, 1, 1]);
});

test('what is transparent shows white paper, and its hidden colour doesn’t bleed', () => {
  const clear = paint(2, 1, (x) => (x === 0 ? [0, 0, 0, 0] : [200, 0, 0, 255]));
  expect([...resized(clear, { width: 2, height: 1 }).data]).toEqual([255, 255, 255, 200, 0, 0]);
  expect([...resized(clear, { width: 1, height: 1 }).data]).toEqual([228, 128, 128]);
  expect([
    ...resized(
      paint(1, 1, () => [0, 0, 0, 51]),
      { width: 1, height: 1 },
    ).data,
  ]).toEqual([204, 204, 204]);
});
