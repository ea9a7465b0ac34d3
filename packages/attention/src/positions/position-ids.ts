import { HeedError, show } from '@heed/core';
import { positionLists } from './position-lists.js';

/** Positions of a time axis, whole numbers in any order: [T] for all rows alike, or one such list for each row. */
export type PositionIds = ArrayLike<number> | readonly ArrayLike<number>[];

/**
 * Refuses positions where there is no use for them, and those that don't fit.
 *
 * @throws HeedError INVALID_ARGUMENT, SHAPE_MISMATCH
 */
export function checkPositionIds(
  what: string,
  positions: PositionIds | undefined,
  { isTaken, rows, time }: { readonly isTaken: boolean; readonly rows: number; readonly time: number },
): void {
  if (positions === undefined) return;
  if (!isTaken) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: this mechanism has no use for positions, and was given ${show(positions)}`,
      hint: 'multiHead with rotary takes them, without streaming; leave them out elsewhere',
    });
  }
  positionLists({ positions, offset: undefined }, rows, time);
}
