import type { Tensor } from '@tensorflow/tfjs-core';
import { checkAlignment, type Alignment } from '../alignment.js';
import type { Dropout } from '../request.js';
import { checkOptions, HeedError, show, type OptionNames } from '@heed/base';
import { both, causal, dense, isTensor, type Mask } from '../mask.js';

/** An output that exists when it was asked for; with `boolean`, for which only the run knows, it may be undefined. */
export type OnRequest<Asked extends boolean, Output> = Asked extends true ? Output : undefined;

/** Options that all attention ops share. */
export interface AttentionOptions<Weights extends boolean = boolean> {
  /** Who may attend to whom; a bool tensor (true = attend) stands for `dense(tensor)`. */
  readonly mask?: Mask | Tensor;
  /** Drops weights after the softmax; the same ones on every backend. `rate` in [0, 1), `seed` an integer in [0, 2⁵³). */
  readonly dropout?: Dropout;
  /** Also return the weights, before dropout. They take Tq·Tk numbers, which the op otherwise never holds. */
  readonly returnWeights?: Weights;
}

export const ATTENTION_OPTIONS: OptionNames<AttentionOptions> = { mask: true, dropout: true, returnWeights: true };

/** `causal: true` for equal Tq and Tk; an alignment otherwise. */
export type CausalOption = boolean | Alignment;

/** Refuses a `causal` that is neither a boolean nor an alignment. */
export function checkCausal(what: string, option: CausalOption | undefined): void {
  if (option === undefined || typeof option === 'boolean') return;
  if (typeof option !== 'object' || option === null) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what} is ${show(option)}`,
      hint: "true, false, or an alignment such as { align: 'bottom-right' } or { offset: 3 }",
    });
  }
  checkAlignment(what, option);
}

export function joinCausal(
  op: string,
  mask: Mask | Tensor | undefined,
  option: CausalOption | undefined,
): Mask | Tensor | undefined {
  checkCausal(`${op}: causal`, option);
  if (option === undefined || option === false) return mask;
  const triangle = causal(option === true ? {} : option);
  if (mask === undefined) return triangle;
  return both(isTensor(mask) ? dense(mask) : mask, triangle);
}

export function checkDropout(op: string, dropout: Dropout | undefined): Dropout | null {
  if (dropout === undefined) return null;
  if (typeof dropout !== 'object' || dropout === null) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${op}: dropout is ${show(dropout)}`,
      hint: `an object of rate and seed, such as { rate: ${typeof dropout === 'number' ? dropout : 0.1}, seed: 1 }; another seed for each step`,
    });
  }
  checkOptions(`${op}: dropout`, dropout, DROPOUT);
  const { rate, seed } = dropout;
  if (!(typeof rate === 'number' && rate >= 0 && rate < 1)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${op}: dropout rate is ${show(rate)}`,
      hint: 'a number in [0, 1)',
      details: { rate },
    });
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${op}: dropout seed is ${show(seed)}`,
      hint: 'a whole number in [0, 2^53), another one for each step',
      details: { seed },
    });
  }
  return rate === 0 ? null : { rate, seed };
}

const DROPOUT: OptionNames<Dropout> = { rate: true, seed: true };

/** A number that multiplies float32 numbers: as one of them it must be neither 0, unless it is, nor infinite nor subnormal. */
export function checkFactor(what: string, value: number): number {
  const size = typeof value === 'number' ? Math.abs(value) : NaN;
  if (!(value === 0 || (size >= SMALLEST_FLOAT && size <= LARGEST_FLOAT))) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what} is ${show(value)}`,
      hint: 'a finite number that float32 holds: 0, or between 1.2e-38 and 3.4e38 in size',
      details: { value },
    });
  }
  return value;
}

const SMALLEST_FLOAT = 2 ** -126;
const LARGEST_FLOAT = (2 - 2 ** -23) * 2 ** 127;

export function checkPositive(what: string, value: number | undefined): number | null {
  if (value === undefined) return null;
  if (!(Number.isFinite(value) && value > 0)) {
    throw new HeedError('INVALID_ARGUMENT', { message: `${what} is ${show(value)}`, hint: 'a finite number above 0' });
  }
  return checkFactor(what, value);
}
