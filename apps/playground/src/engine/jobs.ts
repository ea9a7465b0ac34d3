import type { Capabilities } from '@heed/core';
import type { Answer } from '@heed/tasks';
import type { Outcome, Progress, RunInfo, Seq2SeqConfig } from '@heed/seq2seq';
import type { ConformanceReport } from '@heed/conformance';

export const BACKENDS = ['wasm', 'cpu', 'webgl'] as const;
export type BackendName = (typeof BACKENDS)[number];

/** Numbers of a tensor, row-major. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export const MECHANISMS = ['additive', 'dot', 'general', 'concat', 'scaledDotProduct', 'multiHead'] as const;
export type MechanismKind = (typeof MECHANISMS)[number];

/** A number of a parameter in place of the one that the seed gave. */
export interface Edit {
  readonly key: string;
  readonly index: number;
  readonly value: number;
}

export interface AttentionProblem {
  readonly mechanism: MechanismKind;
  readonly query: readonly string[];
  readonly memory: readonly string[];
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
  /** e after temperature and soft cap, before masks; [H, Tq, Tk]. */
  readonly scores: Numbers;
  /** α before dropout, [H, Tq, Tk] */
  readonly weights: Numbers;
  /** c, [Tq, C] */
  readonly context: Numbers;
  readonly path: 'fused' | 'composed' | 'empty';
  readonly reasons: readonly string[];
}

export interface Status {
  readonly name: BackendName;
  readonly engine: string;
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
  readonly info: RunInfo | null;
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
  readonly attention: 'additive' | 'general' | 'scaledDotProduct' | 'multiHead';
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
  | { readonly kind: 'word'; readonly step: number; readonly found: Found };

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

/** How far two backends are apart in one output. */
export interface Difference {
  readonly output: string;
  readonly absolute: number;
  readonly relative: number;
  /** In spacings of float32 at the output's largest number, or at 1. */
  readonly ulps: number;
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
}

export interface CompareAnswer {
  readonly rows: readonly CompareRow[];
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
    { readonly settings: TrainSettings },
    { readonly words: number; readonly parameters: number; readonly dataVersion: string }
  >;
  readonly train: Job<{ readonly word: string; readonly every: number }, Outcome, TrainReport>;
  /** What `heed train` would have written, by name. */
  readonly runFiles: Job<Nothing, Readonly<Record<string, Uint8Array>>>;
  readonly compare: Job<
    { readonly problem: CompareProblem },
    CompareAnswer,
    { done: number; total: number; backend: BackendName }
  >;
  readonly conform: Job<
    { readonly groups: readonly string[] },
    ConformanceReport,
    { readonly done: number; readonly total: number; readonly id: string; readonly failed: boolean }
  >;
}
