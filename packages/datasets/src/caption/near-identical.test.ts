import type { Picture } from '@heed/pictures';
import { expect, it } from 'vitest';
import { Likeness } from './near-identical.js';

/** A picture of 64 by 64 whose pixels are drawn where a shape says so. */
function drawn(colour: readonly number[], isIn: (x: number, y: number) => boolean): Picture {
  const data = new Uint8Array(64 * 64 * 4);
  for (let n = 0; n < 64 * 64; n++) if (isIn(n % 64, Math.floor(n / 64))) data.set([...colour, 255], n * 4);
  return { width: 64, height: 64, channels: 4, data };
}
const disc =
  (left: number, radius = 20) =>
  (x: number, y: number): boolean =>
    Math.hypot(x - left, y - 32) < radius;

const PICTURES = {
  red: drawn([220, 30, 30], disc(32)),
  'red, a pixel to the right': drawn([220, 30, 30], disc(33)),
  'a little more orange': drawn([224, 36, 30], disc(32)),
  blue: drawn([30, 30, 220], disc(32)),
  smaller: drawn([220, 30, 30], disc(32, 12)),
  square: drawn([220, 30, 30], (x, y) => x > 14 && x < 50 && y > 14 && y < 50),
};
const NAMES = Object.keys(PICTURES);
const likeness = new Likeness(Object.values(PICTURES));

it('finds pictures that differ in what one has to look for', () => {
  const pairs = [...likeness.pairs()].map(([a, b]) => `${NAMES[a]} = ${NAMES[b]}`);
  expect(pairs.toSorted()).toEqual([
    'red = a little more orange',
    'red = red, a pixel to the right',
    'red, a pixel to the right = a little more orange',
  ]);
});

it('tells a colour that one part has from none', () => {
  const [face, hand] = [drawn([240, 200, 60], disc(32)), drawn([240, 200, 60], disc(32))];
  hand.data.set([120, 80, 50, 255], (32 * 64 + 32) * 4);
  const patched = drawn([240, 200, 60], disc(32));
  for (let y = 24; y < 32; y++) {
    for (let x = 24; x < 32; x++) patched.data.set([120, 80, 50, 255], (y * 64 + x) * 4);
  }
  const same = new Likeness([face, hand, patched]);
  expect(same.areSame(0, 1)).toBe(true);
  expect(same.areSame(0, 2)).toBe(false);
});
