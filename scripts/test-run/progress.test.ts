import { describe, expect, test } from 'vitest';
import { describeProgress, describeTime, progressOf } from './progress.js';

describe('how far a run is', () => {
  const durations = { a: 60_000, b: 20_000, c: 20_000 };

  test('goes by what the files took when they last ran, not by their number', () => {
    const { done, files, share, left } = progressOf(['a', 'b', 'c'], new Set(['a']), durations, 30_000);
    expect([done, files]).toEqual([1, 3]);
    expect(share).toBeCloseTo(0.6);
    expect(left).toBeCloseTo(20_000);
  });

  test('takes a file that never ran for one like the others', () => {
    const { share } = progressOf(['b', 'c', 'new', 'newer'], new Set(['new']), durations, 1);
    expect(share).toBeCloseTo(1 / 4);
  });

  test('counts files where nothing is known, and guesses no time before some have ended', () => {
    expect(progressOf(['a', 'b'], new Set(), {}, 5000)).toEqual({ done: 0, files: 2, share: 0, left: undefined });
    expect(progressOf(['a', 'b'], new Set(['b']), {}, 5000)).toMatchObject({ share: 0.5, left: 5000 });
  });

  test('is at its end when every file has ended', () => {
    expect(progressOf(['a', 'new'], new Set(['a', 'new']), durations, 9000)).toMatchObject({ share: 1, left: 0 });
  });

  test('is told in a line', () => {
    expect(describeProgress({ done: 62, files: 233, share: 0.389, left: 366_400 })).toBe(
      '62 of 233 test files, 38 %; about 6 min 6 s left',
    );
    expect(describeProgress({ done: 1, files: 9, share: 0.01, left: undefined })).toBe('1 of 9 test files, 1 %');
    expect([describeTime(59_600), describeTime(8400)]).toEqual(['1 min 0 s', '8 s']);
  });
});
