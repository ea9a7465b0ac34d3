import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeLook } from './describe-look.js';
import { REGIONS, regionsOf } from './regions.js';
import { OVERLAY_CHINESE, OVERLAY_ENGLISH } from './words.js';

const nine = (weights: readonly number[]) => ({ word: 'red', weights });
const GRID = [3, 3] as const;

describe('regions', () => {
  test('of a grid of three by three are its cells, in reading order', () => {
    const weights = [0.1, 0.2, 0, 0.05, 0.15, 0.25, 0.03, 0.07, 0.15];
    expect(Object.values(regionsOf(nine(weights), GRID))).toEqual(weights.map((weight) => expect.closeTo(weight, 12)));
  });

  test('share a cell by its area', () => {
    // The only cell is all of the picture; the middle of three columns in two columns is half of each.
    expect(regionsOf({ word: '', weights: [0.9] }, [1, 1])['upper left']).toBeCloseTo(0.1, 12);
    const halves = regionsOf({ word: '', weights: [0.6, 0] }, [1, 2]);
    expect(halves.left).toBeCloseTo((0.6 * (2 / 3)) / 3, 12);
    expect(halves.middle).toBeCloseTo((0.6 * (1 / 3)) / 3, 12);
    expect(halves.right).toBe(0);
  });

  test('neither lose nor add attention', () => {
    const grids = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }));
    fc.assert(
      fc.property(grids, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (grid, numbers) => {
        const weights = [...numbers.take(grid[0] * grid[1])];
        const shares = regionsOf({ word: '', weights }, grid);
        const sum = REGIONS.reduce((total, region) => total + shares[region], 0);
        expect(sum).toBeCloseTo(
          weights.reduce((total, weight) => total + weight, 0),
          9,
        );
      }),
    );
  });
});

describe('describeLook', () => {
  test('one region that holds most, and the sentinel', () => {
    const step = { ...nine([0, 0.71, 0, 0, 0.21, 0, 0, 0, 0]), sentinel: 0.08 };
    expect(describeLook(step, GRID)).toBe("'red': 71 % on the upper middle, 8 % at no part");
    expect(describeLook({ ...step, word: '红' }, GRID, OVERLAY_CHINESE)).toBe('“红”：71 % 看上方中间，8 % 不看图片');
  });

  test('several regions, the strongest first, until they hold more than half', () => {
    expect(describeLook(nine([0.3, 0, 0, 0.1, 0, 0, 0, 0.4, 0.2]), GRID)).toBe(
      "'red': 40 % on the lower middle, 30 % on the upper left",
    );
    // Of what looked at the picture, not of all.
    expect(describeLook({ ...nine([0.2, 0, 0, 0.1, 0, 0, 0, 0, 0]), sentinel: 0.7 }, GRID)).toBe(
      "'red': 20 % on the upper left, 70 % at no part",
    );
  });

  test('what is spread over more than three regions is nowhere in particular', () => {
    expect(describeLook(nine(Array.from({ length: 9 }, () => 0.1)), GRID)).toBe("'red': 90 % all over the picture");
    expect(describeLook(nine(Array.from({ length: 9 }, () => 0.1)), GRID, OVERLAY_CHINESE)).toBe(
      '“red”：90 % 分散在整张图片上',
    );
  });

  test('nothing is nothing, and little is not nothing', () => {
    const none = nine(Array.from({ length: 9 }, () => 0));
    expect(describeLook({ ...none, sentinel: 1 }, GRID)).toBe("'red': nothing of the picture, 100 % at no part");
    expect(describeLook({ ...nine([0, 0, 0, 0, 0.999, 0, 0, 0, 0]), sentinel: 0.001 }, GRID)).toBe(
      "'red': 100 % on the middle, < 1 % at no part",
    );
  });

  test('a hostile word is harmless', () => {
    expect(describeLook({ ...nine([1, 0, 0, 0, 0, 0, 0, 0, 0]), word: '\u001b[31mred\u202e' }, GRID)).toBe(
      "'red': 100 % on the upper left",
    );
  });

  test('frames of a film by their numbers, wherever in the frame a word looked', () => {
    // Three frames of two columns each, in two rows.
    const step = { word: 'moved', weights: [0, 0.1, 0.4, 0, 0, 0, 0.1, 0, 0, 0.3, 0, 0.1] };
    expect(describeLook(step, [2, 6], OVERLAY_ENGLISH, 3)).toBe("'moved': 70 % on frame 2");
    expect(describeLook(step, [2, 6], OVERLAY_CHINESE, 3)).toBe('“moved”：70 % 看第 2 帧');
    const two = { word: 'it', weights: [0.3, 0.3, 0, 0, 0.4, 0] };
    expect(
      describeLook({ ...two, weights: two.weights.map((weight) => weight / 2), sentinel: 0.5 }, [1, 6], undefined, 3),
    ).toBe("'it': 30 % on frame 1, 50 % at no part");
  });

  test('what is spread over a film is nowhere in particular', () => {
    const step = { word: 'it', weights: Array.from({ length: 8 }, () => 1 / 8) };
    expect(describeLook(step, [1, 8], OVERLAY_ENGLISH, 8)).toBe("'it': 100 % all over the picture");
    expect(describeLook(step, [1, 8], OVERLAY_ENGLISH, 2)).toBe("'it': 50 % on frame 1, 50 % on frame 2");
  });
});
