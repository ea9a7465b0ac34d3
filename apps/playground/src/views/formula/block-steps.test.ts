import { expect, test } from 'vitest';
import { nextAt, stepsOf } from './block-steps.js';

test('each block is three steps between the vectors and what is said, and each step has what it would say', () => {
  const steps = stepsOf(2);
  expect(steps.map(({ kind }) => kind)).toEqual([
    'embedded',
    'heads',
    'attended',
    'fed',
    'heads',
    'attended',
    'fed',
    'next',
  ]);
  // Looking adds nothing yet.
  expect(steps.map((step) => nextAt(step, 2))).toEqual([0, 0, 1, 2, 2, 3, 4, 4]);
});
