/** A batch: the indices of its sequences in the given list, and the length of its longest sequence. */
export interface Batch {
  readonly rows: readonly number[];
  readonly time: number;
}

// Greatest number of positions in a batch, padding included. The widest tensor, [positions, 1536], is then 13 MB.
const MOST_POSITIONS = 2048;

/**
 * Batches of sequences of similar lengths. Any number of sequences needs no more memory than one batch, and less than half of the
 * work is on padding.
 */
export function batchesOf(lengths: readonly number[]): Batch[] {
  const longestFirst = [...lengths.keys()].toSorted((a, b) => lengths[b] - lengths[a]);
  const batches: { rows: number[]; time: number }[] = [];
  for (const row of longestFirst) {
    const last = batches.at(-1);
    const length = lengths[row];
    const hasRoom =
      last !== undefined && (last.rows.length + 1) * last.time <= MOST_POSITIONS && 2 * length > last.time;
    if (hasRoom) last.rows.push(row);
    else batches.push({ rows: [row], time: length });
  }
  return batches;
}
