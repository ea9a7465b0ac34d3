/** Under which numbers the symbols of each source can be put out again: those of a vocabulary of V, and new ones from V on. */
export interface Copies {
  /** The number of each symbol of each source, [B, S]; −1 past a row's end. */
  readonly ids: Int32Array;
  /** B */
  readonly batch: number;
  /** S */
  readonly time: number;
  /** V */
  readonly vocabularySize: number;
  /** V and the most symbols that a source has beyond the vocabulary. */
  readonly size: number;
  /** Numbers that can be copied, of each source. */
  readonly occurrences: readonly (readonly Occurrence[])[];
}

export interface Occurrence {
  readonly id: number;
  /** Where in the source the symbol stands. */
  readonly positions: readonly number[];
}
