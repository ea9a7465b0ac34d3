import { describe, expect, it } from 'vitest';
import { barOf, startupOf, stoppedAt } from './median.js';
import type { Evaluated, Result } from './store.js';

const MINIMISE = { figure: 'loss', direction: 'minimise' } as const;

const curve = (values: Readonly<Record<number, number>>): Evaluated[] =>
  Object.entries(values).map(([step, loss]) => ({ step: Number(step), trainingLoss: 0, error: 0, figures: { loss } }));
const trained = (values: Readonly<Record<number, number>>): Result => ({
  id: '',
  steps: 30,
  backend: 'cpu',
  simd: 'none',
  best: null,
  evaluations: curve(values),
});
const THREE = [
  trained({ 10: 9, 20: 5, 30: 1 }), // on average 9, 7, 5
  trained({ 10: 6, 20: 4, 30: 2 }), // 6, 5, 4
  trained({ 10: 3, 20: 2, 30: 1 }), // 3, 2.5, 2
];

describe('the median', () => {
  it('is that of the running averages, not of the newest figures', () => {
    expect(barOf(MINIMISE, {}, THREE)?.medians).toEqual([
      { step: 10, median: 6 },
      { step: 20, median: 5 },
      { step: 30, median: 4 },
    ]);
    // Of an even number, between those in the middle.
    expect(barOf(MINIMISE, {}, THREE.slice(1))?.medians[0]).toEqual({ step: 10, median: 4.5 });
  });

  it('stops at the first evaluation by which the best is worse, and a tie goes on', () => {
    const bar = barOf(MINIMISE, {}, THREE)!;
    expect(stoppedAt(bar, curve({ 10: 6, 20: 5, 30: 4 }))).toBeUndefined();
    expect(stoppedAt(bar, curve({ 10: 6, 20: 5.1, 30: 1 }))).toBe(20);
    // Its best was good enough, whatever came later.
    expect(stoppedAt(bar, curve({ 10: 1, 20: 50, 30: 50 }))).toBeUndefined();
  });

  it('takes the larger for the better where that is wanted', () => {
    const bar = barOf({ ...MINIMISE, direction: 'maximise' }, {}, THREE)!;
    expect(stoppedAt(bar, curve({ 10: 7, 20: 1 }))).toBeUndefined();
    expect(stoppedAt(bar, curve({ 10: 5, 20: 9 }))).toBe(10);
  });

  it('stops nothing before its step', () => {
    const bar = barOf(MINIMISE, { after: 20 }, THREE)!;
    expect(stoppedAt(bar, curve({ 10: 9, 20: 5 }))).toBeUndefined();
    expect(stoppedAt(bar, curve({ 10: 9, 20: 6 }))).toBe(20);
  });

  it('holds between evaluations of others, for who is evaluated at other steps', () => {
    const bar = barOf(MINIMISE, {}, THREE)!;
    expect(stoppedAt(bar, curve({ 5: 99 }))).toBeUndefined();
    expect(stoppedAt(bar, curve({ 15: 6, 25: 5.5 }))).toBe(25);
  });

  it('is not there where others have no such figure, and stops those that have none', () => {
    expect(barOf({ ...MINIMISE, figure: 'accuracy' }, {}, THREE)).toBeUndefined();
    const bar = { ...barOf(MINIMISE, {}, THREE)!, figure: 'accuracy' };
    expect(stoppedAt(bar, curve({ 10: 1 }))).toBe(10);
  });

  it('is of the same trainings whatever their order', () => {
    const jobs = ['c', 'a', 'b', 'd'].map((id) => ({ id }));
    expect(startupOf(jobs, { startup: 2 })).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(startupOf(jobs.toReversed(), { startup: 2 })).toEqual([{ id: 'a' }, { id: 'b' }]);
  });
});
