import type { Expected, Instance, Solved as SolvedNumbers } from '@heed/conformance';
import type { Inputs } from '@heed/hugging-face';
import type { Pair, ParameterTable } from '@heed/nn';
import type { Seq2SeqConfig } from '@heed/networks';
import type { ConfigFile } from '../config/find-config.js';

/** What every backend computes, with all of its numbers: plain data, which may go to a page. */
export type Work = AttentionWork | ModelWork | PretrainedWork;

interface AttentionWork {
  readonly kind: 'attention';
  readonly instance: Instance;
  readonly gradients: boolean;
}

export interface ModelWork {
  readonly kind: 'model';
  readonly config: Seq2SeqConfig;
  readonly parameters: ParameterTable;
  readonly pairs: readonly Pair[];
}

export interface PretrainedWork {
  readonly kind: 'pretrained';
  /** `config.json` and the weights. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly inputs: Inputs;
}

/** What the thread of the reference is given. */
export interface ReferenceWork {
  readonly work: ModelWork | PretrainedWork;
  /** Configuration file whose mechanisms and families the model may be of. */
  readonly config: ConfigFile | undefined;
}

/** What a backend gave. */
export interface Solved extends SolvedNumbers {
  /** How it ran, as far as that is known. */
  readonly path?: string;
}

/** Something to compare backends with. */
export interface Problem {
  /** What it is, for people. */
  readonly title: string;
  readonly work: Work;
  /** What outputs are held against. */
  readonly against: string;
  /** How far they may be from it, and why. */
  readonly allowed: string;
  readonly expected: Readonly<Record<string, Expected>>;
}
