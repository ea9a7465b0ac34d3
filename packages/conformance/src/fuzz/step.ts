import type { ErrorCode } from '@heed/core';
import type { MalformedCall } from '../case.js';
import type { Instance, MaskValue, ScoreSizes } from '../example.js';
import type { Draft, MaskDraft } from './draft.js';

/**
 * One step of a random program. A `pick` is a number modulo how many there are to pick from, so that it means something
 * whatever steps before it are left out.
 */
export type Step =
  | { readonly kind: 'select'; readonly backend: 'subject' | 'composed' }
  | { readonly kind: 'disposeBackend'; readonly pick: number }
  | {
      readonly kind: 'call';
      readonly draft: Draft;
      readonly seed: number;
      /** Of the context: kept for later steps, disposed, or all that comes out of a tidy. */
      readonly fate: 'keep' | 'dispose' | 'tidy';
      /** A kept context to ask with, for a dot product. */
      readonly query: number | null;
      /** The last call once more, with other numbers. */
      readonly again: boolean;
    }
  | {
      readonly kind: 'gradients';
      readonly draft: Draft;
      readonly seed: number;
      readonly query: number | null;
      readonly again: boolean;
    }
  /** The backend is disposed between the forward and the backward pass. */
  | { readonly kind: 'lateGradients'; readonly draft: Draft; readonly seed: number }
  | { readonly kind: 'materialize'; readonly draft: Draft; readonly mask: MaskDraft; readonly seed: number }
  | { readonly kind: 'error'; readonly pick: number }
  | { readonly kind: 'disposeTensor'; readonly pick: number };

/** Numbers that must come out, and how far off they may be. */
export type Outcome = Readonly<Record<string, { readonly values: Float64Array; readonly bound: number }>>;

/** A step with everything that it depends on, as it was done. Backends and tensors are named in the order they came. */
export type Done =
  | { readonly kind: 'select'; readonly backend: 'subject' | 'composed'; readonly name: string }
  | { readonly kind: 'disposeBackend'; readonly name: string }
  | {
      readonly kind: 'call';
      readonly instance: Instance;
      /** The kept tensor that is the query. */
      readonly query: string | undefined;
      readonly fate: 'keep' | 'dispose' | 'tidy';
      /** What the context is called, when it is kept. */
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
      /** The backend that is disposed. */
      readonly name: string;
      /** Undefined when the backward pass must refuse. */
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
