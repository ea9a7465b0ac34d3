import { expect, test } from 'vitest';
import { exp } from './exp.js';

test('is within 5e-16 of Math.exp, relatively', () => {
  let worst = 0;
  for (let x = -700; x <= 700; x += 0.0371) worst = Math.max(worst, Math.abs(exp(x) / Math.exp(x) - 1));
  expect(worst).toBeLessThan(5e-16);
});

test('near zero, where attention weights live', () => {
  let worst = 0;
  for (let x = -2; x <= 0; x += 1e-5) worst = Math.max(worst, Math.abs(exp(x) / Math.exp(x) - 1));
  expect(worst).toBeLessThan(5e-16);
  expect(exp(0)).toBe(1);
  expect(exp(-0)).toBe(1);
});

test('ends', () => {
  expect(exp(-Infinity)).toBe(0);
  expect(exp(-1e9)).toBe(0);
  expect(exp(NaN)).toBeNaN();
  expect(exp(-707)).toBeGreaterThan(0);
  expect(exp(709)).toBeLessThan(Infinity);
});
