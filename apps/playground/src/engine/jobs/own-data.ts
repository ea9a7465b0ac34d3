import type { TaskFacts } from './model.js';

/** Settings of somebody's own data, those that were chosen: plain JSON. */
export type DataSettings = Readonly<Record<string, string | number | boolean>>;

/** Kinds of data that somebody may bring, and which of them a file seems to hold. */
export interface DataKinds {
  readonly guess: string;
  /** Names of the kinds, with those of their settings. */
  readonly kinds: Readonly<Record<string, readonly string[]>>;
}

/** What was found in somebody's own files. */
export interface DataFacts {
  readonly task: TaskFacts;
  readonly title: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  /** All settings as they were used, with those that the data decided. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Models to choose among, the smallest first. */
  readonly presets: readonly PresetFacts[];
  /** Name of the preset that suits a page. */
  readonly suggested: string;
}

/** How much a training takes. */
export interface TrainingAmounts {
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
}

export interface PresetFacts extends TrainingAmounts {
  readonly name: string;
  readonly title: string;
  readonly parameters: number;
}
