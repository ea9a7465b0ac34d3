import { expect, it } from 'vitest';
import { augment, type AugmentOptions } from './augment.js';
import { changeColours } from './colour-jitter.js';
import { flatten } from './flatten.js';
import { rgbOf } from './picture.js';

/** A red square with a green corner in the middle of clear pixels. */
const SIDE = 16;
const inside = (n: number): boolean => n >= 5 && n < 11;
const DRAWN = {
  width: SIDE,
  height: SIDE,
  data: Array.from({ length: SIDE * SIDE }, (_, n) => {
    const [x, y] = [n % SIDE, Math.floor(n / SIDE)];
    if (!inside(x) || !inside(y)) return [0, 0, 0, 0];
    return x < 7 && y < 7 ? [0, 255, 0, 255] : [255, 0, 0, 255];
  }).flat(),
};
const STILL: AugmentOptions = {
  shift: 0,
  scale: 1,
  brightness: 0,
  contrast: 0,
  saturation: 0,
  background: [[9, 8, 7]],
};
const purpose = { seed: 7, name: 'a picture' };

it('leaves a picture on its background when nothing may change', () => {
  expect(augment(DRAWN, purpose, STILL)).toEqual(flatten(DRAWN, [9, 8, 7]));
});

it('changes a picture the same way for the same seed, and otherwise for another', () => {
  const once = augment(DRAWN, purpose);
  expect(augment(DRAWN, purpose)).toEqual(once);
  expect(augment(DRAWN, { ...purpose, seed: 8 })).not.toEqual(once);
  expect(augment(DRAWN, { ...purpose, index: 1 })).not.toEqual(once);
});

/** Middle and number of the pixels that are drawn, of a picture on blue. */
function drawn(index: number, options: AugmentOptions): { x: number; y: number; count: number } {
  const { data } = augment(DRAWN, { ...purpose, index }, { ...STILL, background: [[0, 0, 255]], ...options });
  let [x, y, count] = [0, 0, 0];
  for (let n = 0; n < SIDE * SIDE; n++) {
    const share = 1 - data[3 * n + 2]! / 255;
    [x, y, count] = [x + share * (n % SIDE), y + share * Math.floor(n / SIDE), count + share];
  }
  return { x: x / count, y: y / count, count };
}
const many = Array.from({ length: 200 }, (_, n) => n);

it('shifts both ways, as far as is allowed, and nothing else', () => {
  const moved = many.map((n) => drawn(n, { shift: 0.25 }));
  const [xs, ys] = [moved.map(({ x }) => x - 7.5), moved.map(({ y }) => y - 7.5)];
  for (const list of [xs, ys]) {
    expect(Math.max(...list)).toBeGreaterThan(3);
    expect(Math.max(...list)).toBeLessThanOrEqual(4.05);
    expect(Math.min(...list)).toBeLessThan(-3);
    expect(Math.min(...list)).toBeGreaterThanOrEqual(-4.05);
  }
  for (const { count } of moved) expect(Math.abs(count - 36)).toBeLessThan(0.5);
});

it('makes a picture larger and smaller around its middle', () => {
  const scaled = many.map((n) => drawn(n, { scale: 1.5 }));
  expect(Math.max(...scaled.map(({ count }) => count))).toBeGreaterThan(36 * 1.4 ** 2);
  expect(Math.min(...scaled.map(({ count }) => count))).toBeLessThan(36 / 1.4 ** 2);
  for (const { x, y } of scaled) expect(Math.hypot(x - 7.5, y - 7.5)).toBeLessThan(0.1);
});

it('chooses a background of those that are given, or any', () => {
  const corners = (background: AugmentOptions['background']): string[] =>
    many.map((index) =>
      augment(DRAWN, { ...purpose, index }, { ...STILL, background })
        .data.slice(0, 3)
        .join(),
    );
  expect(
    new Set(
      corners([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ),
  ).toEqual(new Set(['1,2,3', '4,5,6']));
  expect(new Set(corners('any')).size).toBe(many.length);
});

it('changes light and colours as torchvision defines it', () => {
  const picture = rgbOf({ width: 2, height: 1, data: [100, 50, 0, 20, 200, 240] });
  const changed = (change: object): number[] =>
    Array.from(changeColours(picture, { brightness: 1, contrast: 1, saturation: 1, ...change }).data);
  expect(changed({})).toEqual([100, 50, 0, 20, 200, 240]);
  expect(changed({ brightness: 1.1 })).toEqual([110, 55, 0, 22, 220, 255]);
  // Greys 59.25 and 150.74, whose mean is 105.
  expect(changed({ contrast: 0 })).toEqual(Array(6).fill(105));
  expect(changed({ saturation: 0 })).toEqual([59, 59, 59, 151, 151, 151]);
});

it('refuses numbers out of range and unknown options', () => {
  const wrongs = [{ shift: -0.1 }, { scale: 0.5 }, { brightness: 2 }, { background: [] }, { background: [[1]] }];
  for (const wrong of wrongs) {
    expect(() => augment(DRAWN, purpose, wrong as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  }
  expect(() => augment(DRAWN, purpose, { hue: 1 } as never)).toThrow(
    expect.objectContaining({ code: 'UNKNOWN_OPTION' }),
  );
});
