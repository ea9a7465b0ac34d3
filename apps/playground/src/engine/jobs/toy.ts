/** Toy tasks: what is written of a row of letters. */
export const TOYS = ['copy', 'reverse', 'sort'] as const;
export type Toy = (typeof TOYS)[number];

/** Everything that decides the training of a toy model. */
export interface ToySetup {
  readonly toy: Toy;
  /** Seed of the letters and of the model. */
  readonly seed: number;
}

/** What a toy model does after a step of its training. */
export interface ToyReading {
  readonly step: number;
  /** Step at which the training ends. */
  readonly steps: number;
  /** Loss of the newest step, in nats per letter; null before the first. */
  readonly loss: number | null;
  /** A row of letters that it doesn't learn from, what should be written of it, and what the model writes. */
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly written: readonly string[];
  /** How much each letter of the target looks at each of the source: as many rows of as many weights. */
  readonly weights: readonly Float32Array[];
  /** Mean weight on the letter of the source that is to be written, and share of rows that are written right; of rows it doesn't learn from. */
  readonly aligned: number;
  readonly right: number;
}
