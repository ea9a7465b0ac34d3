import { describe, expect, test } from 'vitest';
import { fittingCell, naturalCell, readableCell } from './fitting.js';
import { moreOf } from './more.js';

describe('the size of cells', () => {
  test.each([
    ['few cells are large enough for their numbers', 4, 8, 44],
    ['a sentence fits half a wide page', 24, 36, 16],
    ['a tall map is no column of huge cells', 64, 8, 14],
    ['a vector', 1, 256, 14],
  ])('%s', (_, rows, columns, size) => {
    expect(naturalCell({ rows, columns }, false)).toBe(size);
  });

  test('cells shrink to the room there is, down to a floor, and never grow past their size', () => {
    const size = { rows: 4, columns: 64 };
    expect(fittingCell(size, 800, false)).toBe(12);
    expect(fittingCell(size, 320, false)).toBe(11);
    expect(fittingCell(size, 9999, false)).toBe(14);
  });

  test('few cells are easy to read with their numbers, many with their labels', () => {
    expect(readableCell({ rows: 4, columns: 8 }, false)).toBe(40);
    expect(readableCell({ rows: 40, columns: 8 }, false)).toBe(14);
    expect(readableCell({ rows: 24, columns: 36 }, false)).toBe(12);
    expect(readableCell({ rows: 512, columns: 512 }, true)).toBe(1);
  });

  test('a picture of many cells has as few as one pixel a cell', () => {
    expect(fittingCell({ rows: 512, columns: 512 }, 400, true)).toBe(1);
    expect(naturalCell({ rows: 80, columns: 80 }, true)).toBe(8);
  });
});

test('a frame has more on the sides that it doesn’t show', () => {
  const frame = {
    scrollLeft: 0,
    scrollTop: 40,
    scrollWidth: 900,
    scrollHeight: 340,
    clientWidth: 300,
    clientHeight: 300,
  };
  expect(moreOf(frame)).toEqual({ left: false, right: true, top: true, bottom: false });
  expect(moreOf({ ...frame, scrollLeft: 600, scrollTop: 0, scrollHeight: 300 })).toEqual({
    left: true,
    right: false,
    top: false,
    bottom: false,
  });
});
