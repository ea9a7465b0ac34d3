import type { Tensor } from '@tensorflow/tfjs-core';
import { ALIGNMENT, type Alignment } from './alignment.js';
import { checkAxes, type Axes } from './axes.js';
import { checkOptions, HeedError, show, type OptionNames } from '@heed/base';
import { checkAlive } from './tensor-like.js';

/**
 * A mask is a value that says which query may attend to which key; it holds no tensor except in `dense`, which borrows
 * the caller's. Kernels that know a type skip whole blocks instead of reading a [Tq, Tk] array.
 */
export type Mask = CausalMask | SlidingWindowMask | PaddingMask | SegmentsMask | Dense | BothMask;

export interface CausalMask extends Alignment {
  readonly kind: 'causal';
}

export interface SlidingWindowMask extends Alignment {
  readonly kind: 'slidingWindow';
  readonly left: number;
  readonly right: number;
}

export interface PaddingMask {
  readonly kind: 'padding';
  readonly lengths: Int32Array;
}

export interface SegmentsMask {
  readonly kind: 'segments';
  readonly query: readonly Int32Array[];
  readonly key: readonly Int32Array[];
}

/** A caller's tensor: bool where a mask is asked for, float32 where a bias is. */
export interface Dense {
  readonly kind: 'dense';
  readonly tensor: Tensor;
  readonly axes?: Axes;
}

export interface BothMask {
  readonly kind: 'both';
  readonly masks: readonly Mask[];
}

/** The fields of each kind of mask, of which one may be written by hand too. */
export const MASK_FIELDS: { readonly [Kind in Mask['kind']]: OptionNames<Extract<Mask, { kind: Kind }>> } = {
  causal: { kind: true, ...ALIGNMENT },
  slidingWindow: { kind: true, left: true, right: true, ...ALIGNMENT },
  padding: { kind: true, lengths: true },
  segments: { kind: true, query: true, key: true },
  dense: { kind: true, tensor: true, axes: true },
  both: { kind: true, masks: true },
};

/** Query i attends to keys j ≤ i + offset. When Tq ≠ Tk an alignment is required. */
export function causal(alignment: Alignment = {}): CausalMask {
  checkOptions('causal', alignment, ALIGNMENT);
  return { kind: 'causal', ...alignment };
}

/**
 * Query i, sitting on key p = i + offset, attends to keys p − left … p + right: both counts are inclusive, so
 * `{ left: 0, right: 0 }` is the position itself. Infinity (the default) leaves a side open.
 */
export function slidingWindow(options: WindowOptions): SlidingWindowMask {
  checkOptions('slidingWindow', options, WINDOW);
  const { left = Infinity, right = Infinity, ...alignment } = options;
  const mask: SlidingWindowMask = { kind: 'slidingWindow', left, right, ...alignment };
  checkWindow('slidingWindow', mask);
  return mask;
}

export interface WindowOptions extends Alignment {
  readonly left?: number;
  readonly right?: number;
}

const WINDOW: OptionNames<WindowOptions> = { left: true, right: true, ...ALIGNMENT };

export function checkWindow(what: string, { left, right }: SlidingWindowMask): void {
  for (const [side, count] of Object.entries({ left, right })) {
    if (count === Infinity || (Number.isInteger(count) && count >= 0)) continue;
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: ${side} is ${show(count)}`,
      hint: 'a whole number of positions ≥ 0, or Infinity',
    });
  }
}

/** Keys j < lengths[b] take part; lengths are whole numbers in [0, Tk], one per batch row. */
export function padding(lengths: ArrayLike<number> | Tensor): PaddingMask {
  return { kind: 'padding', lengths: toInt32('padding: lengths', lengths) };
}

/**
 * Packed sequences: a query attends to the keys of its own segment. Ids are whole numbers, shape [B, T] (nested arrays
 * or an int32 tensor); key ids default to the query ids.
 */
export function segments(query: Ids, key: Ids = query): SegmentsMask {
  return { kind: 'segments', query: toRows('segments: query ids', query), key: toRows('segments: key ids', key) };
}

export type Ids = ReadonlyArray<ArrayLike<number>> | Tensor;

/**
 * A mask (bool, true = attend) or a bias (float32) as a tensor that broadcasts to [B, H, Tq, Tk], from the right or by the
 * names of its axes: `{ axes: 'bqk' }` is [B, Tq, Tk], `{ axes: 'bk' }` is [B, Tk].
 */
export function dense(tensor: Tensor, options: DenseOptions = {}): Dense {
  checkAlive('dense', tensor, 'a bool tensor for a mask, a float32 tensor for a bias');
  checkOptions('dense', options, DENSE);
  checkAxes('dense', tensor, options.axes);
  return { kind: 'dense', tensor, ...options };
}

export interface DenseOptions {
  readonly axes?: Axes;
}

const DENSE: OptionNames<DenseOptions> = { axes: true };

/** Attend where every mask allows it. */
export function both(...masks: readonly Mask[]): BothMask {
  return { kind: 'both', masks };
}

function toRows(what: string, ids: Ids): Int32Array[] {
  if (isTensor(ids)) {
    if (ids.rank !== 2) {
      throw new HeedError('SHAPE_MISMATCH', {
        message: `${what} have shape [${ids.shape}]`,
        hint: 'ids are [B, T]',
        details: { shape: ids.shape },
      });
    }
    const flat = toInt32(what, ids);
    const [batch, time] = ids.shape as [number, number];
    return Array.from({ length: batch }, (_, b) => flat.subarray(b * time, (b + 1) * time));
  }
  if (!Array.isArray(ids)) refuseList(what, ids);
  return ids.map((row) => toInt32(what, row));
}

function toInt32(what: string, values: ArrayLike<number> | Tensor): Int32Array {
  if (typeof values !== 'object' || values === null) refuseList(what, values);
  if (isTensor(values)) {
    checkAlive(what, values, 'an int32 tensor');
    if (values.dtype !== 'int32') {
      throw new HeedError('DTYPE_UNSUPPORTED', { message: `${what} are ${values.dtype}`, hint: 'use int32' });
    }
    return Int32Array.from(values.dataSync());
  }
  return Int32Array.from(values, (value) => {
    if (!Number.isInteger(value) || value !== (value | 0)) {
      throw new HeedError('INVALID_ARGUMENT', { message: `${what} hold ${show(value)}, which is not an int32` });
    }
    return value;
  });
}

function refuseList(what: string, given: unknown): never {
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${what} are ${show(given)}`,
    hint: 'an array of whole numbers for each row of the batch, or an int32 tensor',
  });
}

export function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && 'dataId' in value && 'shape' in value;
}
