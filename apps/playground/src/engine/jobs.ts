import type { MechanismKind } from '@heed/attention';
import { MECHANISM_FACTS } from '@heed/attention/facts';
import type { Capabilities, FullDeclaration } from '@heed/core';
import type { Answer } from '@heed/tasks';
import type { Outcome, Progress, RunInfo } from '@heed/nn';
import type { recurrent, Seq2SeqConfig } from '@heed/networks';
import type { ConformanceReport, Deviation, Difference } from '@heed/conformance';

export const BACKENDS = ['wasm', 'cpu', 'webgl'] as const;
export type BackendName = (typeof BACKENDS)[number];

/** Numbers of a tensor, row-major. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type { MechanismKind };
/** Every mechanism of the library. */
export const MECHANISMS: readonly MechanismKind[] = MECHANISM_FACTS.map(({ kind }) => kind);

/** A number of a parameter in place of the one that the seed gave. */
export interface Edit {
  readonly key: string;
  readonly index: number;
  readonly value: number;
}

/** Where vectors come from: a table of words, or the seed and the token's name. */
export const VECTORS = ['words', 'random'] as const;
export type VectorSource = (typeof VECTORS)[number];

export interface AttentionProblem {
  readonly mechanism: MechanismKind;
  readonly query: readonly string[];
  readonly memory: readonly string[];
  /** A token that the table lacks has a random vector. */
  readonly queryVectors: VectorSource;
  readonly memoryVectors: VectorSource;
  /** Of the vectors; heads divide it. */
  readonly width: number;
  readonly heads: number;
  readonly seed: number;
  readonly edits: readonly Edit[];
  /** Adds sinusoidal positions to the vectors. */
  readonly positions: boolean;
  readonly temperature: number;
  readonly softCap: number | null;
  readonly dropout: { readonly rate: number; readonly seed: number } | null;
  readonly causal: boolean;
  /** Positions before and after; null for no window. */
  readonly window: readonly [number, number] | null;
  /** How many positions of the memory take part; null for all. */
  readonly length: number | null;
}

export interface AttentionAnswer {
  /** s, [Tq, D] */
  readonly query: Numbers;
  /** h, [Tk, D] */
  readonly memory: Numbers;
  readonly parameters: readonly (Numbers & { readonly key: string })[];
  /** Tokens that were to have vectors of words, and are in no table. */
  readonly unknown: readonly string[];
  /** e as the mechanism scores, [H, Tq, Tk]. */
  readonly scores: Numbers;
  /** ẽ, e after temperature and soft cap, [H, Tq, Tk]; null where they change nothing. */
  readonly changed: Numbers | null;
  /** 1 where a query may look at a position of the memory, else 0, [Tq, Tk]; null without a mask. */
  readonly allowed: Numbers | null;
  /** α before dropout, [H, Tq, Tk] */
  readonly weights: Numbers;
  /** dα, α after dropout, [H, Tq, Tk]; null without dropout. */
  readonly kept: Numbers | null;
  /** What each query was told by the ones before it, [Tq, Tk] each; of mechanisms that remember something. */
  readonly states: readonly (Numbers & { readonly key: string })[];
  /** c, [Tq, C] */
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
  /** null is the end. */
  readonly symbol: string | null;
  readonly scores: Float32Array | null;
  readonly weights: Float32Array | null;
  readonly context: Float32Array;
  /** The most probable symbols. */
  readonly candidates: readonly { readonly symbol: string | null; readonly probability: number }[];
}

export interface DecoderProblem {
  /** A small model from a seed, or the model that is loaded. */
  readonly model: { readonly seed: number; readonly edits: readonly Edit[] } | 'loaded';
  readonly word: string;
}

/** What is known of a model that was loaded. */
export interface ModelFacts {
  readonly config: Seq2SeqConfig;
  readonly parameters: number;
  /** Absent for a model file alone. */
  readonly info: RunInfo<typeof recurrent> | null;
}

export interface Found {
  readonly output: readonly string[];
  readonly logProbability: number;
  readonly score: number;
  readonly weights: readonly Float32Array[] | null;
  readonly finished: boolean;
}

export interface TrainSettings {
  readonly seed: number;
  readonly attention: MechanismKind;
  readonly architecture: 'bahdanau' | 'luong';
  readonly units: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
}

export type TrainReport =
  | { readonly kind: 'step'; readonly progress: Progress }
  | {
      readonly kind: 'evaluation';
      readonly step: number;
      readonly tokenErrorRate: number;
      readonly wordErrorRate: number;
    }
  | { readonly kind: 'word'; readonly step: number; readonly found: Found }
  /** The browser keeps no more of the training, which is lost with the page. */
  | { readonly kind: 'unkept' };

export const OPS = ['dotProductAttention', 'additiveAttention'] as const;

export interface CompareProblem {
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
  /** Why it can't run here; the rest is empty then. */
  readonly unavailable: string | null;
  /** Median milliseconds of a run, after one that warms up. */
  readonly ms: number;
  readonly path: 'fused' | 'composed' | 'empty';
  /** Weights of the first head, [T, T]. */
  readonly weights: Numbers;
  /** How far each output is from float64, and how far it may be. */
  readonly deviations: readonly Deviation[];
}

export interface CompareAnswer {
  readonly rows: readonly CompareRow[];
  /** What the oracle computed in float64: as many heads of all as take it a few seconds, the first ones. */
  readonly reference: {
    readonly heads: number;
    readonly of: number;
    /** The weights of the first head, [T, T]. */
    readonly weights: { readonly shape: readonly number[]; readonly data: Float64Array };
  };
  readonly pairs: readonly {
    readonly a: BackendName;
    readonly b: BackendName;
    readonly differences: readonly Difference[];
  }[];
}

interface Job<Args, Result, Report = never> {
  readonly args: Args & { readonly backend: BackendName };
  readonly result: Result;
  readonly report: Report;
}

type Nothing = Record<never, never>;

/** Everything that a worker can be asked to do. */
export interface Jobs {
  readonly status: Job<Nothing, Status>;
  readonly attend: Job<{ readonly problem: AttentionProblem }, AttentionAnswer>;
  readonly watch: Job<
    { readonly problem: DecoderProblem },
    { readonly parameters: AttentionAnswer['parameters'] },
    DecoderStep
  >;
  /** Files by name: a model, perhaps its run, or an archive of both. */
  readonly load: Job<{ readonly files: Readonly<Record<string, Uint8Array>> }, ModelFacts>;
  readonly beam: Job<{ readonly word: string; readonly width: number; readonly penalty: number }, Found[]>;
  /** What the model that is shipped for a task makes of a text; its file is fetched when it is needed first. */
  readonly answer: Job<
    { readonly task: string; readonly model: string; readonly text: string; readonly seed: number },
    Answer,
    { readonly share: number }
  >;
  readonly prepareTraining: Job<
    { readonly settings: TrainSettings; readonly word: string },
    { readonly words: number; readonly parameters: number; readonly isKept: boolean }
  >;
  /**
   * Up to a step, which may be another one than the training was prepared with; of the training that is kept where this worker has
   * none.
   */
  readonly train: Job<{ readonly word: string; readonly every: number; readonly steps: number }, Outcome, TrainReport>;
  /** What `heed train` would have written, by name. */
  readonly runFiles: Job<Nothing, Readonly<Record<string, Uint8Array>>>;
  readonly compare: Job<
    { readonly problem: CompareProblem },
    CompareAnswer,
    { done: number; total: number; backend: BackendName | 'float64' }
  >;
  readonly conform: Job<
    { readonly groups: readonly string[] },
    ConformanceReport,
    { readonly done: number; readonly total: number; readonly id: string; readonly failed: boolean }
  >;
}
