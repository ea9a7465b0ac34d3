import type { MechanismKind } from '@heed/attention';
import type { Progress } from '@heed/nn';
import type { Answer } from '@heed/tasks';
import type { DataSettings, TrainingAmounts } from './own-data.js';

/** Settings that every training has. */
interface AnyTrainSettings extends TrainingAmounts {
  readonly seed: number;
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
