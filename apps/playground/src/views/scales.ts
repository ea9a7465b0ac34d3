import type { Domain } from '@heed/heatmap';
import type { Numbers } from '../engine/jobs.js';

/** The scale of weights: shares of 1. */
export const SHARES: Domain = [0, 1];

/** One scale for numbers on both sides of 0 that are compared: as far as the farthest of them, on both sides. */
export function signedScale(...all: readonly (Pick<Numbers, 'data'> | null)[]): Domain {
  const most = all.reduce((far, numbers) => Math.max(far, farthest(numbers?.data ?? [])), 0);
  return most === 0 ? [-1, 1] : [-most, most];
}

/** From 0 to the greatest number, and to 1 at least: shares that dropout has enlarged. */
export function shareScale(numbers: Pick<Numbers, 'data'> | null): Domain {
  return numbers === null ? SHARES : [0, Math.max(1, farthest(numbers.data))];
}

/** Scores of −∞ are masked. */
function farthest(data: ArrayLike<number>): number {
  let most = 0;
  for (let n = 0; n < data.length; n++) if (Number.isFinite(data[n])) most = Math.max(most, Math.abs(data[n]));
  return most;
}
