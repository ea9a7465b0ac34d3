import type { Dataset, LoadOptions } from '@heed/datasets';
import type { AttentionMap } from '@heed/heatmap';
import type { KnownNetwork } from '@heed/networks';
import type { ConfigOf, ModelOf, Network, TrainingConfig } from '@heed/nn';

/**
 * An application of attention, end to end: its data, the models that learn it, how good they are, and what they make of what
 * somebody types.
 *
 * @typeParam N       the networks that learn it
 * @typeParam Input   what a model is given
 * @typeParam Example an input with what is right for it, as the data has it
 */
export interface Task<N extends Network = KnownNetwork, Input = unknown, Example extends Input = Input> {
  readonly name: string;
  /** The networks that learn it. */
  readonly networks: readonly N[];
  readonly title: string;
  /** What goes in, what comes out, and what the attention map shows: one sentence. */
  readonly description: string;
  /** What people should not expect of it, a sentence each; for the cards of its models. */
  readonly limits: readonly string[];
  /** What its examples are, in the plural: 'words'. */
  readonly unit: string;
  /** An input to try, as `parse` takes it. */
  readonly example: string;
  /** Whether an input may have several lines, as a mail has: what is in a file is then one input, and not one a line. */
  readonly multiline: boolean;
  /** Settings by name, the default first. */
  readonly presets: Readonly<Record<string, Preset<N>>>;
  /** The preset that attention is measured against: the like without it. Absent where attention is an option of every preset. */
  readonly plain?: string;
  /** What `answer` and `judge` take of their options: tasks that search have beams, tasks that sample have sampling. */
  readonly options: readonly ('beam' | 'sampling')[];
  /** What `judge` reports, the most important first. */
  readonly metrics: readonly Metric[];

  load(options: LoadOptions): Promise<Dataset<Example>>;
  /** A preset's model for the data: with its vocabularies and the seed of its parameters. */
  configure(preset: Preset<N>, data: Dataset<Example>, seed: number): ConfigOf<N>;
  /**
   * How good a model is on examples.
   *
   * @throws HeedError INVALID_ARGUMENT for options that the task doesn't have, or out of range
   */
  judge(model: ModelOf<N>, examples: readonly Example[], options?: JudgeOptions): Promise<Judgement>;
  /** What needs no training: a model has to beat these to have learnt anything. */
  readonly baselines: readonly Baseline<Example>[];

  /**
   * What somebody typed.
   *
   * @throws HeedError INVALID_ARGUMENT for text that no model of the task can be given
   */
  parse(text: string): Input;
  /** An input as people type it. What `parse` made it takes back; of an example it may leave out spaces at the ends. */
  write(input: Input): string;
  /** What counts as right, as `Answer.output` has it. */
  expected(example: Example): readonly string[];
  /** @throws HeedError INVALID_ARGUMENT for an input that the model can't be given, or options that the task doesn't have */
  answer(model: ModelOf<N>, inputs: readonly Input[], options?: AnswerOptions): Promise<Answer[]>;
}

/** A model without what the data decides, and how it is trained. */
export interface Preset<N extends Network = KnownNetwork> {
  /** What it is, for people: 'additive attention', 'no attention'. */
  readonly title: string;
  readonly model: ModelSettings<ConfigOf<N>>;
  readonly training: Omit<TrainingConfig, 'seed'>;
}

/** A configuration without its seed and vocabularies. */
type ModelSettings<Config> = Config extends unknown
  ? Omit<Config, 'seed' | 'symbols' | 'sourceSymbols' | 'targetSymbols' | 'classes'>
  : never;

export interface Metric {
  /** Its name among a judgement's figures. */
  readonly key: string;
  /** For people: 'word error'. */
  readonly label: string;
  /** How it is written: a share as per cent, or a plain number. */
  readonly format: 'share' | 'number';
  readonly better: 'lower' | 'higher';
  /** What it counts, in a phrase for people who don't know the term; absent where another's says it. */
  readonly meaning?: string;
}

export interface JudgeOptions {
  /** Beams of the search, for tasks that search. Default 1, greedy. */
  readonly beam?: number;
  /** Stops between groups of examples; what was done until then is reported. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

export interface Judgement {
  /** How many were judged. */
  readonly examples: number;
  /**
   * By the keys of the task's metrics; a figure that a model can't have (of attention, without attention) is missing, and
   * all are when there are no examples.
   */
  readonly figures: Readonly<Record<string, number>>;
}

export interface Baseline<Example> {
  /** 'most common phoneme per letter' */
  readonly title: string;
  judge(train: readonly Example[], examples: readonly Example[]): Promise<Judgement>;
}

export interface AnswerOptions {
  /** Beams of the search, and how many alternatives are told. Default 1, greedy. */
  readonly beam?: number;
  /** Of sampling, for tasks that sample. */
  readonly sampling?: {
    readonly seed?: number;
    readonly temperature?: number;
    readonly topK?: number;
    readonly topP?: number;
    readonly length?: number;
  };
}

export interface Answer {
  /** As people read it. */
  readonly output: string;
  /** What it was less sure of, the best first. */
  readonly alternatives: readonly { readonly output: string; readonly logProbability: number }[];
  /** What was looked at; none without attention. */
  readonly maps: readonly AttentionMap[];
  /** More for programs: plain JSON. */
  readonly details: Readonly<Record<string, unknown>>;
}
