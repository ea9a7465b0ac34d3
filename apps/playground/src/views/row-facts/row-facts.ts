import type { LabelledMap } from '@heed/heatmap';
import { entropyOf } from '../entropy.js';

/** How sharply a row of weights looks. */
export interface RowFacts {
  /** Column of the greatest weight; undefined for a row in which every cell is masked. */
  readonly most: number | undefined;
  readonly weight: number;
  /** Entropy in bits; undefined for a row that is no distribution. */
  readonly entropy: number | undefined;
}

// Weights are rounded where they were written: three digits of a hundred columns add up to this.
const ROUNDING = 0.01;

/** Facts about each row of a map. */
export const rowFacts = ({ weights, masked }: LabelledMap): RowFacts[] =>
  weights.map((row, i) => {
    const open = Array.from(row, (weight, column) => ({ weight, column })).filter(({ column }) => !masked?.[i][column]);
    const sum = open.reduce((total, { weight }) => total + weight, 0);
    const isShares = open.every(({ weight }) => weight >= 0) && Math.abs(sum - 1) <= ROUNDING;
    const most = open.reduce<(typeof open)[number] | undefined>(
      (best, one) => (best === undefined || one.weight > best.weight ? one : best),
      undefined,
    );
    return {
      most: most?.column,
      weight: most?.weight ?? 0,
      entropy: isShares ? entropyOf(open.map(({ weight }) => weight)) : undefined,
    };
  });
