import type { Domain } from '@heed/heatmap';
import type { Numbers } from '../engine/jobs.js';

/** Range of the scale for weights, which are shares of 1. */
export const SHARES: Domain = [0, 1];

/** Common range for signed numbers that are compared: symmetric about 0, as far as the number farthest from 0. */
export function signedScale(...all: readonly (Pick<Numbers, 'data'> | null)[]): Domain {
  const most = all.reduce((far, numbers) => Math.max(far, farthest(numbers?.data ?? [])), 0);
  return most === 0 ? [-1, 1] : [-most, most];
}

/** Range for weights after dropout, which enlarges them: from 0 to the greatest number, but at least to 1. */
export function shareScale(numbers: Pick<Numbers, 'data'> | null): Domain {
  return numbers === null ? SHARES : [0, Math.max(1, farthest(numbers.data))];
}

/** Greatest distance from 0; scores of −∞, which are masked, don't count. */
function farthest(data: ArrayLike<number>): number {
  let most = 0;
  for (let n = 0; n < data.length; n++) if (Number.isFinite(data[n])) most = Math.max(most, Math.abs(data[n]));
  return most;
}
