import { HeedError } from '@heed/core';
import * as v from 'valibot';
import { parseArguments, wholeNumber } from '../fields.js';

/** The positions of a batch's rows, [T] each: one list for all, or one per batch row. */
export type PositionLists = readonly ArrayLike<number>[];

interface Given {
  /** The position of row 0: one number, or one per batch row. */
  readonly offset: number | ArrayLike<number> | undefined;
  /** All of them: [T], or one such list per batch row. */
  readonly positions: ArrayLike<number> | readonly ArrayLike<number>[] | undefined;
}

/**
 * The positions that were given, from 0 on when none were. Batch rows that are alike share a list.
 *
 * @throws HeedError SHAPE_MISMATCH for lists that don't fit, INVALID_ARGUMENT for what is no position, or given twice
 */
export function positionLists({ offset, positions }: Given, batch: number, time: number): PositionLists {
  if (positions === undefined) return fromOffsets(offset ?? 0, batch, time);
  if (offset !== undefined) {
    throw new HeedError('INVALID_ARGUMENT', { message: 'rotary: both offset and positions say where rows sit' });
  }
  const lists = isOneList(positions) ? [positions] : Array.from(positions);
  checkCount('lists of positions', lists, batch);
  for (const list of lists) {
    if (list.length !== time) {
      throw new HeedError('SHAPE_MISMATCH', {
        message: `rotary: a list of ${list.length} positions for ${time} rows`,
        hint: 'positions have one number for each of the T rows',
      });
    }
    for (let t = 0; t < time; t++) checkPosition('positions', list[t]);
  }
  return lists;
}

/** The least and the greatest position; from 0 to −1 when there is none. */
export function extent(lists: PositionLists): { readonly first: number; readonly last: number } {
  let [first, last] = [Infinity, -Infinity];
  for (const list of lists) {
    for (let t = 0; t < list.length; t++) {
      first = Math.min(first, list[t]);
      last = Math.max(last, list[t]);
    }
  }
  return last === -Infinity ? { first: 0, last: -1 } : { first, last };
}

/** Whether each position of a list is the one after the last. */
export function followsOn(list: ArrayLike<number>): boolean {
  for (let t = 1; t < list.length; t++) if (list[t] !== list[0]! + t) return false;
  return true;
}

function fromOffsets(offset: number | ArrayLike<number>, batch: number, time: number): PositionLists {
  const offsets = typeof offset === 'number' ? [offset] : Array.from(offset);
  checkCount('offsets', offsets, batch);
  for (const value of offsets) checkPosition('offset', value);
  const listOf = (start: number): Float64Array => Float64Array.from({ length: time }, (_, t) => start + t);
  const [first = 0, ...others] = offsets;
  // Rows of one offset share their angles, as nearly always.
  return others.every((value) => value === first) ? [listOf(first)] : [listOf(first), ...others.map(listOf)];
}

const isOneList = (positions: NonNullable<Given['positions']>): positions is ArrayLike<number> =>
  positions.length === 0 || typeof positions[0] === 'number';

function checkCount(what: string, given: readonly unknown[], batch: number): void {
  if (given.length === 1 || given.length === batch) return;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `rotary: ${given.length} ${what} for a batch of ${batch}`,
    hint: 'give one for all, or one per batch row',
  });
}

function checkPosition(name: string, value: number): void {
  // Most are right, and a schema takes its time.
  if (!Number.isInteger(value) || Math.abs(value) > FARTHEST)
    parseArguments('rotary', v.strictObject({ [name]: wholeNumber }), { [name]: value });
}

/** What `wholeNumber` allows. */
const FARTHEST = 2 ** 29;
