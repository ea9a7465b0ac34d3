import type { BackendName } from '@heed/backends/facts';
import type { Deviation, Difference } from '@heed/conformance';
import type { Numbers } from './numbers.js';

export const OPS = ['dotProductAttention', 'additiveAttention'] as const;

export interface CompareSetup {
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
  /** Reason why the backend can't run here, and then the other fields are empty; null when it can. */
  readonly unavailable: string | null;
  /** Median time of a run in milliseconds, after one run to warm up. */
  readonly ms: number;
  readonly path: 'fused' | 'composed' | 'empty';
  /** Attention weights of the first head, [T, T]. */
  readonly weights: Numbers;
  /** Error of each output against float64, and the greatest error allowed. */
  readonly deviations: readonly Deviation[];
}

export interface CompareAnswer {
  readonly rows: readonly CompareRow[];
  /** Results of the oracle in float64, for the first heads: as many as it computes in a few seconds. */
  readonly reference: {
    readonly heads: number;
    readonly of: number;
    /** Attention weights of the first head, [T, T]. */
    readonly weights: { readonly shape: readonly number[]; readonly data: Float64Array };
  };
  readonly pairs: readonly {
    readonly a: BackendName;
    readonly b: BackendName;
    readonly differences: readonly Difference[];
  }[];
}
