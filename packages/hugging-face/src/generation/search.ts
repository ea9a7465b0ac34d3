import type { Generation } from './options.js';
import type { Scores } from './processors.js';
import type { Session } from '../networks/network.js';
import type { Ids } from '../networks/tokens.js';

/** A continuation. */
export interface Found {
  /** The prompt and what follows, filled up to the length of the longest. */
  readonly tokens: readonly number[];
  /** Number of them before what they are filled with. */
  readonly length: number;
  /** Natural logarithm of the probability of each new token. */
  readonly logProbabilities: readonly number[];
  /** Score of a beam. */
  readonly score?: number;
}

export interface SearchCall {
  readonly session: Session;
  readonly generation: Generation;
  /** Applies the rules of the settings to scores, in place. */
  readonly process: (scores: Scores, tokens: readonly number[]) => void;
  /** Most tokens of a sequence, those of the prompt included. */
  readonly maxLength: number;
  /** Logits of what comes after tokens that are new, a list for each sequence. */
  readonly scoresOf: (tokens: Ids) => Promise<readonly Scores[]>;
}

/** Continuations of each prompt, the best first, those of a prompt together. */
export type Search = (call: SearchCall) => Promise<readonly Found[]>;
