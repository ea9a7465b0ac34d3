import { expect, test } from 'vitest';
import { visibleLines } from './visible.js';

test('lines that can be seen, and ten on each side', () => {
  expect(visibleLines({ top: 0, height: 100 }, 20, 1000)).toEqual([0, 15]);
  expect(visibleLines({ top: 1010, height: 100 }, 20, 1000)).toEqual([40, 66]);
  expect(visibleLines({ top: 19_900, height: 100 }, 20, 1000)).toEqual([985, 1000]);
});

test('of a shorter list, what there is of it', () => {
  expect(visibleLines({ top: 0, height: 500 }, 20, 3)).toEqual([0, 3]);
  expect(visibleLines({ top: 5000, height: 500 }, 20, 3)).toEqual([3, 3]);
});
