import { describe, expect, test } from 'vitest';
import { abreast } from './abreast.js';

describe('maps side by side', () => {
  test.each([
    ['four heads on a wide screen are two by two', [500, 500, 500, 500], 1600, 2],
    ['on a very wide one they are a row', [380, 380, 380, 380], 1600, 4],
    ['on a narrow one they stand below one another', [500, 500, 500, 500], 700, 1],
    ['five are three and two', [300, 300, 300, 300, 300], 1300, 3],
    ['the widest says how many', [200, 900], 1000, 1],
    ['one has all the width', [200], 1000, 1],
    ['none is no error', [], 1000, 1],
    ['before the page is laid out there is no width', [200, 200], 0, 1],
  ])('%s', (_, widths, width, count) => {
    expect(abreast(widths, width, 16)).toBe(count);
  });
});
