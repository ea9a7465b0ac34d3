import type { Tensor } from '@tensorflow/tfjs-core';
import { ALIGNMENT, type Alignment } from './alignment.js';
import { checkOptions, HeedError, show, type OptionNames } from '@heed/base';
import { MASK_FIELDS, type Dense } from './mask.js';
import { checkTensor } from './tensor-like.js';

/** Added to the scores after scale and soft cap, before the mask. `dense(tensor)` is one; −∞ in it masks the position. */
export type Bias = AlibiBias | RelativePositionBias | Dense | SumBias;

export interface AlibiBias extends Alignment {
  readonly kind: 'alibi';
  readonly slopes?: readonly number[] | undefined;
}

export interface RelativePositionBias extends Alignment {
  readonly kind: 'relativePosition';
  readonly table: Tensor;
}

export interface SumBias {
  readonly kind: 'sum';
  readonly biases: readonly Bias[];
}

/** The fields of each kind of bias, of which one may be written by hand too. */
export const BIAS_FIELDS: { readonly [Kind in Bias['kind']]: OptionNames<Extract<Bias, { kind: Kind }>> } = {
  alibi: { kind: true, slopes: true, ...ALIGNMENT },
  relativePosition: { kind: true, table: true, ...ALIGNMENT },
  dense: MASK_FIELDS.dense,
  sum: { kind: true, biases: true },
};

/**
 * Attention with linear biases: −slope_h·|j − p| for a query on key position p.
 *
 * @param options `slopes`, one per query head, by default those of the paper; and how queries and keys are aligned
 * @see Press, Smith & Lewis 2021, arXiv:2108.12409, §3
 */
export function alibi(options: AlibiOptions = {}): AlibiBias {
  checkOptions('alibi', options, ALIBI);
  checkSlopes('alibi', options.slopes);
  return { kind: 'alibi', ...options };
}

export interface AlibiOptions extends Alignment {
  readonly slopes?: readonly number[];
}

const ALIBI: OptionNames<AlibiOptions> = { slopes: true, ...ALIGNMENT };

export function checkSlopes(what: string, slopes: readonly number[] | undefined): void {
  if (slopes === undefined) return;
  if (!Array.isArray(slopes) && !ArrayBuffer.isView(slopes)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: slopes are ${show(slopes)}`,
      hint: 'an array of numbers, one for each query head',
    });
  }
  if (Array.from(slopes).some((slope) => !Number.isFinite(slope))) {
    throw new HeedError('NOT_FINITE', { message: `${what}: slopes [${slopes}] must be finite` });
  }
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
  checkTable('relativePosition: table', table);
  checkOptions('relativePosition', alignment, ALIGNMENT);
  return { kind: 'relativePosition', table, ...alignment };
}

export function checkTable(what: string, table: Tensor): void {
  checkTensor(what, table, { axes: ['heads or 1', '2R + 1'] });
  if (table.shape[1]! % 2 !== 1) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${what} has shape [${table.shape}]`,
      hint: 'the table is [heads or 1, 2R + 1]',
      details: { table: table.shape },
    });
  }
}

/** The sum of several biases. */
export function sumOf(...biases: readonly Bias[]): SumBias {
  return { kind: 'sum', biases };
}
