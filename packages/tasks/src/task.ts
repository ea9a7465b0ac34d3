import type { Dataset, LoadOptions } from '@heed/datasets';
import type { AttentionMap, AttentionOverlay } from '@heed/heatmap';
import type { KnownNetwork } from '@heed/networks';
import type { ConfigOf, ExampleOf, ModelOf, Network, TrainingConfig } from '@heed/nn';
import type { Picture } from '@heed/pictures';

/**
 * A task: one application of attention from end to end, with its data, the networks that learn it, the figures that measure
 * them, and their answers to what somebody types.
 *
 * @typeParam N     networks that learn the task
 * @typeParam Input input of a model
 * @typeParam Data  data of the task, whose examples are inputs with their right outputs
 */
export interface Task<
  N extends Network = KnownNetwork,
  Input = unknown,
  Data extends Dataset<ExampleOf<N> & Input> = Dataset<ExampleOf<N> & Input>,
> {
  readonly name: string;
  /** Networks that learn the task. */
  readonly networks: readonly N[];
  readonly title: string;
  /** One sentence that says what goes in, what comes out, and what the attention map shows. */
  readonly description: string;
  /** Sentences that say what people should not expect, for the cards of the task's models. */
  readonly limits: readonly string[];
  /** Name of the examples, in the plural: 'words'. */
  readonly unit: string;
  /** Input to try first, as text for `parse`. */
  readonly example: string;
  /** Whether an input may have several lines, as a mail has. Then a file is one input; otherwise each line of it is one. */
  readonly multiline: boolean;
  /** How pictures come into an input; absent where an input is a text alone. */
  readonly pictures?: PicturesOfTask<N>;
  /** Presets by name, the default first. */
  readonly presets: Readonly<Record<string, Preset<N>>>;
  /** Name of the preset without attention that the others are compared with. Absent where every preset can do without attention. */
  readonly plain?: string;
  /** Options that `answer` and `judge` accept: 'beam' for tasks that search, 'sampling' for tasks that sample. */
  readonly options: readonly ('beam' | 'sampling')[];
  /** Descriptions of the figures that `judge` reports, the most important first. */
  readonly metrics: readonly Metric[];

  load(options: LoadOptions): Promise<Data>;
  /** Configuration of a preset's model for the data: with the data's vocabularies, and the seed of the initial parameters. */
  configure(preset: Preset<N>, data: Data, seed: number): ConfigOf<N>;
  /**
   * Measures a model on examples.
   *
   * @throws HeedError INVALID_ARGUMENT for options that the task doesn't have, or that are out of range
   */
  judge(model: ModelOf<N>, examples: readonly ExampleIn<Data>[], options?: JudgeOptions): Promise<Judgement>;
  /**
   * What `figures` needs of a model's output for each example: `judge` in parts, which may come from several machines. They can be
   * cloned, as messages can, and don't depend on which examples are worked on together.
   *
   * @returns one for each example, fewer where the signal stopped the work
   * @throws HeedError as `judge`
   */
  outcomes(
    model: ModelOf<N>,
    examples: readonly ExampleIn<Data>[],
    options?: JudgeOptions,
  ): Promise<readonly unknown[]>;
  /** Judgement that the outcomes of examples make, in the same order: that of `judge`, to the bit. */
  figures(examples: readonly ExampleIn<Data>[], outcomes: readonly unknown[]): Judgement;
  /** Output symbols that each kind of input may have, as the training part shows. Absent where all outputs are of one kind. */
  outputs?(data: Data): OutputsByKind;
  /** Simple methods to compare with: a model that doesn't beat them has learnt nothing. */
  readonly baselines: readonly Baseline<ExampleIn<Data>>[];

  /**
   * Reads what somebody typed.
   *
   * @param pictures that come with the text: one at least for a task of pictures, none for others
   * @throws HeedError INVALID_ARGUMENT for text that no model of the task can read, and for pictures too many or too few
   */
  parse(text: string, pictures?: readonly Picture[]): Input;
  /** Text of an input, as people type it. `parse` reads it again, with the input's pictures; spaces at the ends of an example may be lost. */
  write(input: Input): string;
  /** Text of an input as models read it, where that isn't what `write` gives: without the signs that they leave out. */
  reads?(input: Input): string;
  /** Right outputs of an example, in the form of `Answer.output`. */
  expected(example: ExampleIn<Data>): readonly string[];
  /**
   * Answers of a model, one for each input.
   *
   * @throws HeedError INVALID_ARGUMENT for an input that the model can't read, or for options that the task doesn't have
   */
  answer(model: ModelOf<N>, inputs: readonly Input[], options?: AnswerOptions): Promise<Answer[]>;
}

/** Pictures of a task, whose texts say what is asked about them. */
export interface PicturesOfTask<N extends Network = KnownNetwork> {
  /** Greatest number of pictures of an input: 1, or that of a video's frames. */
  readonly most: number;
  /** What a text says, in a word for people: 'language'. */
  readonly asks: string;
  /** The texts that a model of the task knows, the one to take where none is given first. */
  texts(model: ModelOf<N>): readonly string[];
}

/** An example of some data. */
export type ExampleIn<Data extends Dataset> = Data['train'][number];

/** The data of a task. */
export type DataOf<T extends Pick<Task, 'load'> = Task> = Awaited<ReturnType<T['load']>>;

/** Settings of a model, without what depends on the data, and of its training. */
export interface Preset<N extends Network = KnownNetwork> {
  /** Title for people: 'additive attention', 'no attention'. */
  readonly title: string;
  readonly model: ModelSettings<ConfigOf<N>>;
  readonly training: Omit<TrainingConfig, 'seed'>;
}

/** Configuration of a model without its seed and vocabularies. */
type ModelSettings<Config> = Config extends unknown
  ? Omit<Config, 'seed' | 'symbols' | 'sourceSymbols' | 'targetSymbols' | 'classes' | 'languages'>
  : never;

/** Description of one figure of a judgement. */
export interface Metric {
  /** Key of the figure in `Judgement.figures`. */
  readonly key: string;
  /** Label for people: 'word error'. */
  readonly label: string;
  /** Form in which the figure is written: a share in per cent, or a plain number. */
  readonly format: 'share' | 'number';
  readonly better: 'lower' | 'higher';
  /** Kind of inputs that it is a figure of, as a language: 'German'; absent where it is of all. */
  readonly among?: string;
  /** Meaning in a few words, for people who don't know the term; absent where another metric's meaning says it. */
  readonly meaning?: string;
}

/** Output symbols by the name of a kind of input, such as the language of a translation. */
export type OutputsByKind = Readonly<Record<string, readonly string[]>>;

export interface JudgeOptions {
  /** Width of the beam, for tasks that search. Default 1, a greedy search. */
  readonly beam?: number;
  /** Output symbols of each kind of input, for tasks that have `outputs`; nothing else is written. Default all symbols. */
  readonly outputs?: OutputsByKind;
  /** Signal that stops the work between batches of examples; the judgement is then about those that are done. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Figures of a model or a baseline on examples. */
export interface Judgement {
  /** Number of examples judged. */
  readonly examples: number;
  /**
   * Figures by the keys of the task's metrics. A figure that the model can't have (one about attention, in a model without it) is
   * missing; without examples all are.
   */
  readonly figures: Readonly<Record<string, number>>;
}

/** A simple method to compare models with. */
export interface Baseline<Example> {
  /** Title for people: 'most common phoneme per letter'. */
  readonly title: string;
  judge(train: readonly Example[], examples: readonly Example[]): Promise<Judgement>;
}

export interface AnswerOptions {
  /** Width of the beam, which is also the number of alternatives. Default 1, a greedy search. */
  readonly beam?: number;
  /** Output symbols of each kind of input, as in `JudgeOptions`. */
  readonly outputs?: OutputsByKind;
  /** Settings of sampling, for tasks that sample. */
  readonly sampling?: {
    readonly seed?: number;
    readonly temperature?: number;
    readonly topK?: number;
    readonly topP?: number;
    readonly length?: number;
  };
}

/** What shows how sure a model is of an output: evidence for a confidence, which data must calibrate. */
export interface Evidence {
  /** Probability of the output, as the model says. */
  readonly probability: number;
  /** Numbers by which right and wrong outputs may be told apart, the same ones in each answer of a task. */
  readonly features: Readonly<Record<string, number>>;
}

export interface Answer {
  /** Output as text for people. */
  readonly output: string;
  /** Absent where no output is more right than others. */
  readonly evidence?: Evidence;
  /** Less probable outputs, the best first. */
  readonly alternatives: readonly { readonly output: string; readonly logProbability: number }[];
  /** Attention maps; none from a model without attention. */
  readonly maps: readonly AttentionMap[];
  /** What was looked at in the input's picture for each word, in place of maps. */
  readonly overlay?: AttentionOverlay;
  /** Further results for programs, as plain JSON. */
  readonly details: Readonly<Record<string, unknown>>;
}
