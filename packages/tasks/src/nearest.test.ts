import { expect, test } from 'vitest';
import { nearest } from './nearest.js';

const known = [
  { units: new Set(['a', 'b']), value: 'ab' },
  { units: new Set(['a', 'b', 'c', 'd']), value: 'abcd' },
  { units: new Set(['x']), value: 'x' },
  { units: new Set(['x', 'x']), value: 'another x' },
];

test('finds what has the greatest share of units in common', () => {
  const find = nearest(known);
  expect(find(new Set(['a', 'b']))).toBe('ab');
  expect(find(new Set(['a', 'b', 'c']))).toBe('abcd');
});

test('of equals the first, of strangers none', () => {
  const find = nearest(known);
  expect(find(new Set(['x']))).toBe('x');
  expect(find(new Set(['q']))).toBeUndefined();
  expect(nearest([])(new Set(['a']))).toBeUndefined();
});
