import type { ErrorCode } from '@heed/core';
import type { MalformedCall } from '../case.js';
import type { Instance, MaskValue, ScoreSizes } from '../example.js';
import type { Draft, MaskDraft } from './draft.js';

/**
 * One step of a random program. A `pick` is taken modulo the number of choices, so that it stays valid when steps before it are
 * left out.
 */
export type Step =
  | { readonly kind: 'select'; readonly backend: 'subject' | 'composed' }
  | { readonly kind: 'disposeBackend'; readonly pick: number }
  | {
      readonly kind: 'call';
      readonly draft: Draft;
      readonly seed: number;
      /** What becomes of the context: kept for later steps, disposed, or returned from a tidy. */
      readonly fate: 'keep' | 'dispose' | 'tidy';
      /** Pick of a kept context as the query of a dot product. */
      readonly query: number | null;
      /** Whether the last call is repeated with other numbers. */
      readonly again: boolean;
    }
  | {
      readonly kind: 'gradients';
      readonly draft: Draft;
      readonly seed: number;
      readonly query: number | null;
      readonly again: boolean;
    }
  /** Gradients with the backend disposed between the forward and the backward pass. */
  | { readonly kind: 'lateGradients'; readonly draft: Draft; readonly seed: number }
  | { readonly kind: 'materialize'; readonly draft: Draft; readonly mask: MaskDraft; readonly seed: number }
  | { readonly kind: 'error'; readonly pick: number }
  | { readonly kind: 'disposeTensor'; readonly pick: number };

/** Expected numbers, with the greatest error allowed. */
export type Outcome = Readonly<Record<string, { readonly values: Float64Array; readonly bound: number }>>;

/** A step as it was done, with everything that it depends on. Backends and tensors are named in order of creation. */
export type Done =
  | { readonly kind: 'select'; readonly backend: 'subject' | 'composed'; readonly name: string }
  | { readonly kind: 'disposeBackend'; readonly name: string }
  | {
      readonly kind: 'call';
      readonly instance: Instance;
      /** Name of the kept tensor that is the query. */
      readonly query: string | undefined;
      readonly fate: 'keep' | 'dispose' | 'tidy';
      /** Name of the context, when it is kept. */
      readonly name: string | undefined;
      readonly outcome: Outcome;
    }
  | {
      readonly kind: 'gradients';
      readonly instance: Instance;
      readonly query: string | undefined;
      readonly outcome: Outcome;
    }
  | {
      readonly kind: 'lateGradients';
      readonly instance: Instance;
      /** Name of the backend that is disposed. */
      readonly name: string;
      /** Expected gradients; undefined when the backward pass must be refused. */
      readonly outcome: Outcome | undefined;
    }
  | {
      readonly kind: 'materialize';
      readonly mask: MaskValue;
      readonly sizes: ScoreSizes;
      readonly allowed: Uint8Array;
    }
  | { readonly kind: 'error'; readonly call: MalformedCall; readonly code: ErrorCode }
  | { readonly kind: 'disposeTensor'; readonly name: string };
