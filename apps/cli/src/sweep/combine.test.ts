import { describe, expect, it } from 'vitest';
import { canonical, combinations, givenTwice } from './combine.js';
import type { Draw } from './definition.js';

describe('settings of a sweep', () => {
  it('are every entry of the list with every combination of the grid', () => {
    const found = combinations({
      task: 'g2p',
      settings: { steps: 10 },
      list: [{ preset: 'small' }, { preset: 'standard' }],
      grid: { attention: ['additive', 'dot'], batchSize: [8] },
    });
    expect(found).toEqual([
      { steps: 10, preset: 'small', attention: 'additive', batchSize: 8 },
      { steps: 10, preset: 'small', attention: 'dot', batchSize: 8 },
      { steps: 10, preset: 'standard', attention: 'additive', batchSize: 8 },
      { steps: 10, preset: 'standard', attention: 'dot', batchSize: 8 },
    ]);
  });

  it('are one where nothing differs, and each once', () => {
    expect(combinations({ task: 'g2p' })).toEqual([{}]);
    expect(combinations({ task: 'g2p', grid: { steps: [3, 3, 4] } })).toEqual([{ steps: 3 }, { steps: 4 }]);
  });

  it('are drawn the same again, and another one more changes none of the others', () => {
    const rate = { from: 1e-4, to: 1e-1, scale: 'log' } as const;
    const steps = { from: 1, to: 3, whole: true } as const;
    const drawn = (from: Readonly<Record<string, Draw>>): readonly Numbers[] =>
      combinations({ task: 'g2p', random: { draws: 200, seed: 7, from } }).map((one) => ({
        rate: Number(one['rate']),
        steps: Number(one['steps']),
        attention: String(one['attention']),
      }));
    const found = drawn({ rate, steps });
    expect(drawn({ rate, steps })).toEqual(found);
    const rates = (all: readonly Numbers[]): readonly number[] => [...new Set(all.map((one) => one.rate))];
    expect(rates(drawn({ rate }))).toEqual(rates(found));
    for (const one of found) {
      expect(one.rate).toBeGreaterThanOrEqual(1e-4);
      expect(one.rate).toBeLessThanOrEqual(1e-1);
    }
    // Evenly by the logarithm: as many in each of three decades, and all whole numbers about as often.
    const below = (limit: number): number => found.filter((one) => one.rate < limit).length / found.length;
    expect(below(1e-3)).toBeCloseTo(1 / 3, 0);
    expect(below(1e-2)).toBeCloseTo(2 / 3, 0);
    expect([...new Set(found.map((one) => one.steps))].toSorted()).toEqual([1, 2, 3]);
    const among = drawn({ attention: { among: ['dot', 'additive'] } });
    expect(among.map((one) => one.attention).toSorted()).toEqual(['additive', 'dot']);
  });

  it('are told apart whatever their order, and a name that two parts give is found', () => {
    expect(canonical({ a: 1, b: 'x' })).toBe(canonical({ b: 'x', a: 1 }));
    expect(canonical({ a: 1 })).not.toBe(canonical({ a: '1' }));
    expect(givenTwice({ task: 'g2p', settings: { steps: 1 }, grid: { steps: [1] } })).toBe('steps');
    expect(givenTwice({ task: 'g2p', settings: { steps: 1 }, grid: { batchSize: [1] } })).toBeUndefined();
  });
});

interface Numbers {
  readonly rate: number;
  readonly steps: number;
  readonly attention: string;
}
