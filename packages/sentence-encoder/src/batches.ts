/** Rows of a batch, by their places in the list that was given, and the length of its longest one. */
export interface Batch {
  readonly rows: readonly number[];
  readonly time: number;
}

// Places, padding included. The widest tensor, [places, 1536], is 13 MB then.
const MOST_PLACES = 2048;

/**
 * Puts sequences into batches of like lengths, so that any number of them needs no more memory than one batch, and less than half
 * of the work is on padding.
 */
export function batchesOf(lengths: readonly number[]): Batch[] {
  const longestFirst = [...lengths.keys()].toSorted((a, b) => lengths[b] - lengths[a]);
  const batches: { rows: number[]; time: number }[] = [];
  for (const row of longestFirst) {
    const last = batches.at(-1);
    const length = lengths[row];
    const hasRoom = last !== undefined && (last.rows.length + 1) * last.time <= MOST_PLACES && 2 * length > last.time;
    if (hasRoom) last.rows.push(row);
    else batches.push({ rows: [row], time: length });
  }
  return batches;
}
