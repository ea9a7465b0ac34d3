import { describe, expect, it } from 'vitest';
import { STREAMS, normals, sample, shuffle, uniform, uniformAt, type Purpose } from './random.js';

const purpose: Purpose = { seed: 7, stream: 'models', index: 3, name: 'order' };
const first = (count: number, of: Purpose): number[] => {
  const next = uniform(of);
  return Array.from({ length: count }, () => next());
};

describe('streams of random numbers', () => {
  it('have a number each', () => {
    const numbers = Object.values(STREAMS);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('give the same numbers again, in any order of places', () => {
    const at = uniformAt(purpose);
    const numbers = first(13, purpose);
    expect([12, 3, 0, 7].map(at)).toEqual([12, 3, 0, 7].map((n) => numbers[n]));
    expect(numbers.every((number) => number > 0 && number < 1)).toBe(true);
  });

  it('share no numbers when seed, stream, index or name differ', () => {
    const others: Purpose[] = [
      purpose,
      { ...purpose, seed: 7 + 2 ** 32 },
      { ...purpose, stream: 'parameters' },
      { ...purpose, index: 4 },
      { ...purpose, name: 'ordre' },
    ];
    const numbers = others.flatMap((other) => first(8, other));
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('give normal numbers of mean 0 and variance 1', () => {
    const numbers = normals(20_001, { seed: 1, stream: 'inputs', name: 'x' });
    const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
    const square = numbers.reduce((sum, x) => sum + x * x, 0) / numbers.length;
    expect(numbers).toHaveLength(20_001);
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(square - 1)).toBeLessThan(0.05);
  });
});

it('shuffles into every order about equally often', () => {
  const next = uniform(purpose);
  const counts = new Map<string, number>();
  for (let n = 0; n < 6000; n++) {
    const order = shuffle([1, 2, 3], next).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

it('samples the same items for a seed, and all when there are no more', () => {
  const items = Array.from({ length: 100 }, (_, n) => n);
  const chosen = sample(items, 10, 5);
  expect(new Set(chosen).size).toBe(10);
  expect(sample(items, 10, 5)).toEqual(chosen);
  expect(sample(items, 10, 6)).not.toEqual(chosen);
  expect(sample(items, 100, 5)).toBe(items);
});
