import type { MechanismKind } from '@heed/attention';
import { MECHANISM_FACTS } from '@heed/attention/facts';
import { FACTS, anywhereFirst, type BackendName } from '@heed/backends/facts';
import type { Capabilities, FullDeclaration } from '@heed/core';
import type { Answer, AnswerOptions, Task } from '@heed/tasks';
import type { ModelCard } from '@heed/models/card';
import type { ConfigOf, Outcome, Progress, RunInfo } from '@heed/nn';
import type { KnownNetwork } from '@heed/networks';
import type { ConformanceReport, Deviation, Difference } from '@heed/conformance';

export type { BackendName };

/** The backends to choose from, the first of them in use until somebody does: what runs in every browser comes first. */
export const BACKENDS: readonly BackendName[] = anywhereFirst(FACTS).map(({ name }) => name);

/** Values of a tensor, row-major. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type { MechanismKind };
/** Names of all mechanisms of the library. */
export const MECHANISMS: readonly MechanismKind[] = MECHANISM_FACTS.map(({ kind }) => kind);
/** Those whose weights are the softmax of the scores, which is what the formula's steps show. */
export const FORMULA_MECHANISMS: readonly MechanismKind[] = MECHANISM_FACTS.filter(({ weighs }) => !weighs).map(
  ({ kind }) => kind,
);

/** A number that replaces one of a parameter's initial numbers. */
export interface Edit {
  readonly key: string;
  readonly index: number;
  readonly value: number;
}

/** Sources of vectors: a table of words, or random numbers from the seed and the token's name. */
export const VECTORS = ['words', 'random'] as const;
export type VectorSource = (typeof VECTORS)[number];

export interface AttentionSetup {
  readonly mechanism: MechanismKind;
  readonly query: readonly string[];
  readonly memory: readonly string[];
  /** Source of the query's vectors; a token that the table of words lacks gets a random one. */
  readonly queryVectors: VectorSource;
  readonly memoryVectors: VectorSource;
  /** Width of the vectors, a multiple of the number of heads. */
  readonly width: number;
  readonly heads: number;
  readonly seed: number;
  readonly edits: readonly Edit[];
  /** Whether sinusoidal positions are added to the vectors. */
  readonly positions: boolean;
  readonly temperature: number;
  readonly softCap: number | null;
  readonly dropout: { readonly rate: number; readonly seed: number } | null;
  readonly causal: boolean;
  /** Window: numbers of positions before and after; null for no window. */
  readonly window: readonly [number, number] | null;
  /** Number of positions of the memory that take part; null for all. */
  readonly length: number | null;
}

export interface AttentionAnswer {
  /** Vectors s of the query, [Tq, D]. */
  readonly query: Numbers;
  /** Vectors h of the memory, [Tk, D]. */
  readonly memory: Numbers;
  readonly parameters: readonly (Numbers & { readonly key: string })[];
  /** Tokens that should have vectors of words but are not in the table. */
  readonly unknown: readonly string[];
  /** Scores e of the mechanism, [H, Tq, Tk]. */
  readonly scores: Numbers;
  /** Scores ẽ after temperature and soft cap, [H, Tq, Tk]; null when these change nothing. */
  readonly changed: Numbers | null;
  /** Mask, [Tq, Tk]: 1 where a query may attend to a position of the memory, else 0; null without a mask. */
  readonly allowed: Numbers | null;
  /** Weights α before dropout, [H, Tq, Tk]. */
  readonly weights: Numbers;
  /** Weights dα after dropout, [H, Tq, Tk]; null without dropout. */
  readonly kept: Numbers | null;
  /** States of a mechanism that has some, [Tq, Tk] each: what each query gets from those before it. */
  readonly states: readonly (Numbers & { readonly key: string })[];
  /** Context c, [Tq, C]. */
  readonly context: Numbers;
  readonly path: 'fused' | 'composed' | 'empty';
  readonly reasons: readonly string[];
}

export interface Status {
  readonly name: BackendName;
  readonly engine: string;
  readonly takes: FullDeclaration;
  readonly capabilities: Capabilities;
  readonly tensors: number;
  readonly bytes: number;
}

/** One step of a decoder: e, α, c and y. */
export interface DecoderStep {
  /** Symbol of the step; null is the end. */
  readonly symbol: string | null;
  readonly scores: Float32Array | null;
  readonly weights: Float32Array | null;
  readonly context: Float32Array;
  /** Most probable symbols, with their probabilities. */
  readonly candidates: readonly { readonly symbol: string | null; readonly probability: number }[];
}

export interface DecoderSetup {
  /** The model: a small one made from a seed, or the one that is loaded. */
  readonly model: { readonly seed: number; readonly edits: readonly Edit[] } | 'loaded';
  readonly word: string;
}

/** Facts about a model that was loaded. */
export interface ModelFacts {
  readonly config: ConfigOf<KnownNetwork>;
  readonly parameters: number;
  /** run.json of its run; null when only a model file was loaded. */
  readonly info: RunInfo<KnownNetwork> | null;
  /** Task of its run; null without run.json, or for a task that this page doesn't have. */
  readonly task: TaskFacts | null;
  /** Card that came with it. */
  readonly card: ModelCard | null;
}

/** Facts about a task, as far as a view needs them to ask a model. */
export interface TaskFacts extends Pick<
  Task,
  'name' | 'title' | 'description' | 'limits' | 'unit' | 'example' | 'multiline' | 'options'
> {
  /** Whether it is learnt from somebody's own files, so that its labels are their words. */
  readonly isOwn: boolean;
}

export interface Found {
  readonly output: readonly string[];
  readonly logProbability: number;
  readonly score: number;
  readonly weights: readonly Float32Array[] | null;
  readonly finished: boolean;
}

/** Settings that every training has. */
interface AnyTrainSettings {
  readonly seed: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
}

/** Training on the page's own words: a decoder that the reader puts together. */
export interface WordsSettings extends AnyTrainSettings {
  readonly kind: 'words';
  readonly attention: MechanismKind;
  readonly architecture: 'bahdanau' | 'luong';
  readonly units: number;
}

/** Training on the reader's own files: a preset of the task that is learnt from them. */
export interface OwnSettings extends AnyTrainSettings {
  readonly kind: 'own';
  /** Name of the kind of data: 'pairs'. */
  readonly task: string;
  readonly preset: string;
  readonly data: DataSettings;
}

export type TrainSettings = WordsSettings | OwnSettings;

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

export interface PresetFacts extends Omit<AnyTrainSettings, 'seed'> {
  readonly name: string;
  readonly title: string;
  readonly parameters: number;
}

/** Facts about a training that is ready to begin. */
export interface TrainFacts {
  /** Number of examples to learn from, and their name in the plural. */
  readonly examples: number;
  readonly unit: string;
  readonly parameters: number;
}

/** What the model answers to a text during the training. */
export interface Reading {
  readonly step: number;
  readonly input: string;
  /** Right outputs, where the text is an example of the data. */
  readonly expected: readonly string[];
  readonly answer: Answer;
}

export type TrainReport =
  | { readonly kind: 'step'; readonly progress: Progress }
  | { readonly kind: 'evaluation'; readonly step: number; readonly figures: Readonly<Record<string, number>> }
  | ({ readonly kind: 'reading' } & Reading)
  /** Storage has no more room, so the rest of the training is lost when the page is closed. */
  | { readonly kind: 'unkept' };

export const OPS = ['dotProductAttention', 'additiveAttention'] as const;

export interface CompareSetup {
  readonly op: (typeof OPS)[number];
  readonly batch: number;
  readonly heads: number;
  readonly length: number;
  readonly width: number;
  readonly causal: boolean;
  readonly gradients: boolean;
  readonly seed: number;
}

export interface CompareRow {
  readonly backend: BackendName;
  /** Reason why the backend can't run here, and then the other fields are empty; null when it can. */
  readonly unavailable: string | null;
  /** Median time of a run in milliseconds, after one run to warm up. */
  readonly ms: number;
  readonly path: 'fused' | 'composed' | 'empty';
  /** Attention weights of the first head, [T, T]. */
  readonly weights: Numbers;
  /** Error of each output against float64, and the greatest error allowed. */
  readonly deviations: readonly Deviation[];
}

export interface CompareAnswer {
  readonly rows: readonly CompareRow[];
  /** Results of the oracle in float64, for the first heads: as many as it computes in a few seconds. */
  readonly reference: {
    readonly heads: number;
    readonly of: number;
    /** Attention weights of the first head, [T, T]. */
    readonly weights: { readonly shape: readonly number[]; readonly data: Float64Array };
  };
  readonly pairs: readonly {
    readonly a: BackendName;
    readonly b: BackendName;
    readonly differences: readonly Difference[];
  }[];
}

/** A job of any worker: the types of its arguments, result and reports. */
export interface AnyJob {
  readonly args: unknown;
  readonly result: unknown;
  readonly report: unknown;
}

/** Progress of the conformance suite: the case that ended last, and the number of those that did. */
export interface SuiteProgress {
  readonly done: number;
  readonly total: number;
  readonly id: string;
  readonly failed: boolean;
}

/** A model of Keras that is open. */
export interface KerasFacts {
  readonly name: string;
  readonly parameters: number;
  readonly layers: number;
  /** Names of the layers that can show attention. */
  readonly attention: readonly string[];
  readonly inputs: readonly {
    readonly name: string;
    readonly shape: readonly (number | null)[];
    readonly dtype: string;
    /** Nested lists of numbers that the model takes. */
    readonly example: unknown;
  }[];
}

/** What a model of Keras computed, and what its layers attended to. */
export interface KerasAnswer {
  readonly outputs: readonly { readonly shape: readonly number[]; readonly first: readonly number[] }[];
  readonly maps: readonly {
    readonly layer: string;
    readonly call: number;
    readonly head: number;
    readonly heads: number;
    readonly weights: readonly Float32Array[];
  }[];
}

interface Job<Args, Result, Report = never> {
  readonly args: Args & { readonly backend: BackendName };
  readonly result: Result;
  readonly report: Report;
}

type Nothing = Record<never, never>;

/** Jobs of a worker: the arguments, result and reports of each. */
export interface Jobs {
  readonly status: Job<Nothing, Status>;
  readonly attend: Job<{ readonly setup: AttentionSetup }, AttentionAnswer>;
  readonly watch: Job<
    { readonly setup: DecoderSetup },
    { readonly parameters: AttentionAnswer['parameters'] },
    DecoderStep
  >;
  /** Loads a model from files by name: a model file, with or without run.json and card.json, or an archive of them. */
  readonly load: Job<{ readonly files: Readonly<Record<string, Uint8Array>> }, ModelFacts>;
  readonly beam: Job<{ readonly word: string; readonly width: number; readonly penalty: number }, Found[]>;
  /**
   * Answer of a model to a text: of the one that was loaded, or of a task's shipped one, whose file is fetched when it is first needed.
   * Options that the task doesn't have are left out.
   */
  readonly answer: Job<
    {
      readonly of: { readonly task: string; readonly model: string } | 'loaded';
      readonly text: string;
      readonly options: AnswerOptions;
    },
    Answer,
    { readonly share: number }
  >;
  /** Guesses what somebody's own files hold, by the first of them. */
  readonly guessData: Job<{ readonly files: readonly File[] }, DataKinds>;
  /** Reads somebody's own files as data of a kind. */
  readonly readData: Job<
    {
      readonly task: string;
      readonly files: readonly File[];
      readonly settings: DataSettings;
      readonly seed: number;
    },
    DataFacts,
    { readonly share: number }
  >;
  /** Seconds that a step of a training takes here, measured on its second one. */
  readonly timeTraining: Job<{ readonly settings: TrainSettings; readonly files: readonly File[] }, number>;
  /** @param watch text that the model answers during the training; an empty one is an example of the data */
  readonly prepareTraining: Job<
    { readonly settings: TrainSettings; readonly files: readonly File[]; readonly watch: string },
    TrainFacts & { readonly isKept: boolean },
    { readonly share: number }
  >;
  /**
   * Trains up to a step, which may differ from the one that the training was prepared with. A worker without a training goes on
   * with the one that was kept.
   */
  readonly train: Job<{ readonly watch: string; readonly every: number; readonly steps: number }, Outcome, TrainReport>;
  /** Files that `heed train` would have written, by name. */
  readonly runFiles: Job<Nothing, Readonly<Record<string, Uint8Array>>>;
  readonly compare: Job<
    { readonly setup: CompareSetup },
    CompareAnswer,
    { done: number; total: number; backend: BackendName | 'float64' }
  >;
  /** Opens a model of Keras from its files by name. The model that was open stays when it is refused. */
  readonly openKeras: Job<{ readonly files: Readonly<Record<string, Uint8Array>> }, KerasFacts>;
  /** Runs the open model on inputs, nested lists of numbers in its order. */
  readonly runKeras: Job<{ readonly inputs: readonly unknown[] }, KerasAnswer>;
  readonly conform: Job<{ readonly groups: readonly string[] }, ConformanceReport, SuiteProgress>;
}
