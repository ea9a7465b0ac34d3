import { describe, expect, test } from 'vitest';
import { number, seconds, wholeNumber, wholeNumbers, windowSides } from './flag-values.js';

describe('seconds', () => {
  test.each([
    ['90s', 90],
    ['90', 90],
    ['2m', 120],
    ['1h30m', 5400],
    ['1m0.5s', 60.5],
  ])('%s is %d', (text, expected) => expect(seconds(text)).toBe(expected));

  test.each(['', '0', '0s', 's', '-5s', '5x', '1h2', '5s5m', 'Infinity'])('%j is none', (text) => {
    if (text === '1h2') expect(seconds(text)).toBe(3602);
    else expect(() => seconds(text)).toThrow('such as 90s');
  });
});

describe('numbers', () => {
  test('whole ones in their range', () => {
    expect(wholeNumber()('7')).toBe(7);
    expect(wholeNumber({ least: -3 })('-3')).toBe(-3);
    for (const text of ['', '1.5', '1e3', '0x10', 'NaN', '9007199254740992', '-1'])
      expect(() => wholeNumber()(text)).toThrow();
    expect(() => wholeNumber({ most: 4 })('5')).toThrow('from 0 to 4');
  });

  test('finite ones', () => {
    expect(number()('-1.5e-3')).toBe(-0.0015);
    for (const text of ['', 'NaN', 'Infinity', '1,5']) expect(() => number()(text)).toThrow();
    const share = number({ above: 0, most: 1 });
    expect([share('1'), share('0.1')]).toEqual([1, 0.1]);
    for (const text of ['0', '-1', '1.01']) expect(() => share(text)).toThrow('a number > 0, ≤ 1.');
    const rate = number({ least: 0, below: 1 });
    expect(rate('0')).toBe(0);
    for (const text of ['1', '-0.1']) expect(() => rate(text)).toThrow('a number ≥ 0, < 1.');
  });

  test('lists and windows', () => {
    expect(wholeNumbers('3,5')).toEqual([3, 5]);
    expect(windowSides('2,0')).toEqual([2, 0]);
    expect(windowSides('all,1')).toEqual([Infinity, 1]);
    for (const text of ['2', '1,2,3', 'x,1']) expect(() => windowSides(text)).toThrow();
  });
});
