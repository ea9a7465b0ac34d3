import type { Tensor } from '@tensorflow/tfjs-core';
import type { Alignment } from './alignment.js';
import { HeedError } from './errors.js';
import type { Dense } from './mask.js';

/** Added to the scores after scale and soft cap, before the mask. `dense(tensor)` is one; −∞ in it masks the position. */
export type Bias = AlibiBias | RelativePositionBias | Dense | SumBias;

export interface AlibiBias extends Alignment {
  readonly kind: 'alibi';
  readonly slopes: readonly number[] | undefined;
}

export interface RelativePositionBias extends Alignment {
  readonly kind: 'relativePosition';
  readonly table: Tensor;
}

export interface SumBias {
  readonly kind: 'sum';
  readonly biases: readonly Bias[];
}

/**
 * Attention with linear biases: −slope_h·|j − p| for a query on key position p.
 *
 * @param slopes one per query head; by default those of the paper
 * @see Press, Smith & Lewis 2021, arXiv:2108.12409, §3
 */
export function alibi({ slopes, ...alignment }: { slopes?: readonly number[] } & Alignment = {}): AlibiBias {
  if (slopes?.some((slope) => !Number.isFinite(slope))) {
    throw new HeedError('NOT_FINITE', { message: `alibi: slopes [${slopes}] must be finite` });
  }
  return { kind: 'alibi', slopes, ...alignment };
}

/**
 * The paper's slopes: the geometric series from 2^(−8/n) for a power of two n; for other head counts those of the
 * power of two below, then every second one of the power of two above.
 */
export function alibiSlopes(heads: number): number[] {
  const below = 2 ** Math.floor(Math.log2(heads));
  const series = (n: number): number[] => Array.from({ length: n }, (_, i) => 2 ** ((-8 * (i + 1)) / n));
  const above = series(2 * below).filter((_, i) => i % 2 === 0);
  return [...series(below), ...above].slice(0, heads);
}

/**
 * A learned bias per distance: table[h, clamp(j − p, −R, R) + R], for a query on key position p.
 *
 * @param table float32 [Hq, 2R + 1], or [1, 2R + 1] shared by the heads; its gradient flows
 * @see Shaw, Uszkoreit & Vaswani 2018, arXiv:1803.02155 (clipping); Raffel et al. 2019, arXiv:1910.10683 (scalar biases)
 */
export function relativePosition(table: Tensor, alignment: Alignment = {}): RelativePositionBias {
  if (table.rank !== 2 || table.shape[1]! % 2 !== 1) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `relativePosition: table has shape [${table.shape}]`,
      hint: 'the table is [heads or 1, 2R + 1]',
      details: { table: table.shape },
    });
  }
  return { kind: 'relativePosition', table, ...alignment };
}

/** The sum of several biases. */
export function sumOf(...biases: readonly Bias[]): SumBias {
  return { kind: 'sum', biases };
}
