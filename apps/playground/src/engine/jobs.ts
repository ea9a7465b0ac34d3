import { FACTS, anywhereFirst, type BackendName } from '@heed/backends/facts';
import type { ConformanceReport } from '@heed/conformance';
import type { Capabilities, FullDeclaration } from '@heed/core';
import type { HeadPlace } from '@heed/networks';
import type { Outcome } from '@heed/nn';
import type { AnswerOptions } from '@heed/tasks';
import type { AttentionAnswer, AttentionSetup } from './jobs/attention.js';
import type { CaptionsReport, CaptionsSetup } from './jobs/captions.js';
import type { CompareAnswer, CompareSetup } from './jobs/comparison.js';
import type { DecoderSetup, DecoderStep } from './jobs/decoder.js';
import type { KerasAnswer, KerasFacts } from './jobs/keras.js';
import type { Found, ModelFacts, TrustedAnswer } from './jobs/model.js';
import type { DataFacts, DataKinds, DataSettings } from './jobs/own-data.js';
import type { MapPlace, PretrainedAnswer, PretrainedFacts, PretrainedInput } from './jobs/pretrained.js';
import type { ToyReading, ToySetup } from './jobs/toy.js';
import type { TraceAnswer } from './jobs/trace.js';
import type { TrainFacts, TrainReport, TrainSettings } from './jobs/training.js';

export * from './jobs/attention.js';
export type * from './jobs/captions.js';
export * from './jobs/comparison.js';
export type * from './jobs/decoder.js';
export type * from './jobs/keras.js';
export type * from './jobs/model.js';
export type * from './jobs/numbers.js';
export type * from './jobs/own-data.js';
export * from './jobs/pretrained.js';
export * from './jobs/toy.js';
export type * from './jobs/trace.js';
export type * from './jobs/training.js';
export type { BackendName };

/** The backends to choose from, the first of them in use until somebody does: what runs in every browser comes first. */
export const BACKENDS: readonly BackendName[] = anywhereFirst(FACTS).map(({ name }) => name);

export interface Status {
  readonly name: BackendName;
  readonly engine: string;
  readonly takes: FullDeclaration;
  readonly capabilities: Capabilities;
  readonly tensors: number;
  readonly bytes: number;
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
  /** Loads a model from files by name: a model file, with or without run.json, card.json and calibration.json, or an archive of them. */
  readonly load: Job<{ readonly files: Readonly<Record<string, Uint8Array>> }, ModelFacts>;
  readonly beam: Job<
    {
      readonly word: string;
      readonly width: number;
      readonly penalty: number;
      /** Heads that are switched off; none by default. */
      readonly off?: readonly HeadPlace[];
    },
    Found[]
  >;
  /**
   * Answer of a model to a text: of the one that was loaded, or of a task's shipped one, whose file is fetched when it is first needed.
   * Options that the task doesn't have are left out.
   */
  readonly answer: Job<
    {
      readonly of: { readonly task: string; readonly model: string; readonly calibration: string } | 'loaded';
      readonly text: string;
      readonly options: AnswerOptions;
      /** Heads that are switched off; none by default. */
      readonly off?: readonly HeadPlace[];
    },
    TrustedAnswer,
    { readonly share: number }
  >;
  /** What the shipped transformer that writes names computes of a text, step by step. */
  readonly trace: Job<
    { readonly of: { readonly model: string; readonly calibration: string }; readonly text: string },
    TraceAnswer,
    { readonly share: number }
  >;
  /** Reads a picture and has a captioner write of it, word by word. A picture that can't be read is refused before a model is loaded. */
  readonly caption: Job<{ readonly setup: CaptionsSetup }, void, CaptionsReport>;
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
  /**
   * Trains a toy model by some steps and tells of it, first of all where it is. A setup other than the one before begins anew, and so does a worker
   * or a backend that hasn't trained it.
   */
  readonly learnToy: Job<{ readonly setup: ToySetup; readonly steps: number }, void, ToyReading>;
  readonly compare: Job<
    { readonly setup: CompareSetup },
    CompareAnswer,
    { done: number; total: number; backend: BackendName | 'float64' }
  >;
  /** Opens a model of Keras from its files by name. The model that was open stays when it is refused. */
  readonly openKeras: Job<{ readonly files: Readonly<Record<string, Uint8Array>> }, KerasFacts>;
  /** Runs the open model on inputs, nested lists of numbers in its order. */
  readonly runKeras: Job<{ readonly inputs: readonly unknown[] }, KerasAnswer>;
  /**
   * Opens a pretrained model from the files of its folder by their paths, which are read part by part. The model that was open stays when
   * it is refused.
   */
  readonly openPretrained: Job<{ readonly files: Readonly<Record<string, File>> }, PretrainedFacts>;
  readonly runPretrained: Job<{ readonly input: PretrainedInput }, PretrainedAnswer>;
  /** One map of a run, row by row; null when another run has come since. */
  readonly pretrainedMap: Job<{ readonly run: number; readonly place: MapPlace }, Float32Array | null>;
  readonly conform: Job<{ readonly groups: readonly string[] }, ConformanceReport, SuiteProgress>;
}
