import type { HeadPlace } from '@heed/networks';
import type { Edit } from './attention.js';

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
  /** Heads that the loaded model does without; none by default. */
  readonly off?: readonly HeadPlace[];
}
