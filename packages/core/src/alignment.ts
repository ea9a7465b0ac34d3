import { checkOptions, HeedError, show, type OptionNames } from '@heed/base';

/**
 * Which key position query 0 sits on, for everything that compares positions (causal, window, ALiBi, relative
 * positions). 'top-left' is offset 0; 'bottom-right' is offset Tk − Tq, so that the last query sits on the last key. An
 * explicit offset, one for all batches or one each, fits a key–value cache of known fill. Without any, Tq must equal Tk.
 */
export interface Alignment {
  readonly align?: 'top-left' | 'bottom-right';
  readonly offset?: number | readonly number[] | Int32Array;
}

export const ALIGNMENT: OptionNames<Alignment> = { align: true, offset: true };

/** Refuses what isn't an alignment; whether it fits the sizes, only a call can tell. */
export function checkAlignment(what: string, alignment: Alignment): void {
  checkOptions(what, alignment, ALIGNMENT);
}

/** Offsets of length B. */
export function resolveOffsets(
  what: string,
  { align, offset }: Alignment,
  { batch, queries, keys }: { batch: number; queries: number; keys: number },
): Int32Array {
  const offsets = new Int32Array(batch);
  if (offset !== undefined) {
    if (align !== undefined) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `${what}: align '${align}' and an offset were both given`,
        hint: 'give one of them',
      });
    }
    if (!Array.isArray(offset) && !(offset instanceof Int32Array)) return offsets.fill(checkOffset(what, offset));
    if (offset.length !== batch) {
      throw new HeedError('SHAPE_MISMATCH', {
        message: `${what}: ${offset.length} offsets for a batch of ${batch}`,
        hint: 'give one number, or one per batch row',
        details: { offsets: offset.length, batch },
      });
    }
    for (let b = 0; b < batch; b++) offsets[b] = checkOffset(what, offset[b]!);
    return offsets;
  }
  if (align === 'bottom-right') return offsets.fill(keys - queries);
  if (align === undefined && queries !== keys) {
    throw new HeedError('ALIGNMENT_REQUIRED', {
      message: `${what}: Tq = ${queries} and Tk = ${keys} differ, so positions need an alignment`,
      hint: "say align: 'top-left' or 'bottom-right', or give an offset",
      details: { queries, keys },
    });
  }
  if (align !== undefined && align !== 'top-left') {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: unknown align ${show(align)}`,
      hint: "align is 'top-left' or 'bottom-right'",
    });
  }
  return offsets;
}

// Positions live in int32 on every backend; a quarter of the range leaves room for sums.
const LARGEST_OFFSET = 2 ** 29;

function checkOffset(what: string, offset: unknown): number {
  if (typeof offset !== 'number' || !Number.isInteger(offset) || Math.abs(offset) > LARGEST_OFFSET) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: offset is ${show(offset)}`,
      hint: 'a whole number of magnitude at most 2^29, or one for each batch row',
    });
  }
  return offset;
}
