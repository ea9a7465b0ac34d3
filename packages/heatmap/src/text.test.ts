import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { clean, pad, shortest, shortNumber, truncate } from './text.js';
import { cpuTime } from '../../base/test/cpu-time.js';

describe('clean', () => {
  test.each([
    ['\u001b[1;31mred\u001b[0m', 'red'],
    ['\u009b31mred', 'red'],
    ['\u001b]8;;http://example.test\u0007link\u001b]8;;\u0007', 'link'],
    ['\u001b]0;title\u001b\\rest', 'rest'],
    ['\u001b(Bcharset', 'charset'],
    ['\u001b', '␛'],
    ['a\nb\tc\r\u0007', 'a␊b␉c␍␇'],
    ['\u007f\u0085', '␡�'],
    ['a\u202eb\u2066c\ufeff', 'abc'],
    ['\ud800x', '�x'],
    ['🙂 日本 é', '🙂 日本 é'],
  ])('%j becomes %j', (label, expected) => {
    expect(clean(label)).toBe(expected);
  });
});

describe('truncate', () => {
  test('counts terminal columns and never splits a character', () => {
    expect(truncate('abcdef', 6)).toBe('abcdef');
    expect(truncate('abcdefg', 6)).toBe('abcde…');
    expect(truncate('日本語日本語', 6)).toBe('日本…');
    expect(truncate('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 4)).toBe('👩‍👩‍👧‍👦…');
  });

  test('a label of a million characters is cut at once', () => {
    expect(truncate('once loaded', 5)).toBe('once…');
    const cut = (): void => {
      expect(truncate('x'.repeat(1e6), 10)).toBe(`${'x'.repeat(9)}…`);
      expect(truncate(`e${'\u0301'.repeat(1e6)}`, 10).length).toBeLessThan(200);
    };
    expect(cpuTime(cut)).toBeLessThan(200);
  });
});

test('pad fills terminal columns', () => {
  expect(pad('日', 4)).toBe('日  ');
  expect(pad('ab', 4, 'left')).toBe('  ab');
  expect(stringWidth(pad('toolong', 3))).toBe(7);
});

test('shortNumber is short, and shows 0 only for 0', () => {
  const shown = [0, 1, 0.12345, 1e-7, -0.5, 123.456, 1e300].map(shortNumber);
  expect(shown).toEqual(['0', '1', '0.123', '1.0e-7', '-0.5', '123.456', '1.0e+300']);
});

test('shortest means the same number', () => {
  expect(shortest(Math.fround(0.3))).toBe(0.3);
  expect(shortest(Math.fround(1 / 3))).toBe(0.33333334);
  expect(shortest(1 / 3)).toBe(1 / 3);
  for (const value of [0, 1, -0.1, 2 ** -149, 3.4028234663852886e38, 123456.789].map(Math.fround)) {
    expect(Math.fround(shortest(value))).toBe(value);
  }
});
