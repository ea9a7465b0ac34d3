import type { Expected, Instance, Solved as SolvedNumbers } from '@heed/conformance';
import type { Pair, ParameterTable } from '@heed/nn';
import type { Seq2SeqConfig } from '@heed/networks';
import type { ConfigFile } from '../config/find-config.js';

/** What every backend computes, with all of its numbers: plain data, which may go to a page. */
export type Work = AttentionWork | ModelWork;

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

/** What the thread of the reference is given. */
export interface ReferenceWork {
  readonly work: ModelWork;
  /** Configuration file whose mechanisms the model may have. */
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
