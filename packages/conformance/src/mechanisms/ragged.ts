/** A memory that is ragged: a row with a hole, a short one, and one of which nothing takes part. */
export const RAGGED = {
  lengths: [3, 2, 0],
  mask: [
    [1, 0, 1],
    [1, 1, 1],
    [1, 1, 1],
  ],
} as const;

/** Whether position j of row b takes part in a memory that is ragged. */
export const isPresent = (b: number, j: number): boolean => j < RAGGED.lengths[b] && RAGGED.mask[b][j] === 1;
