import type { TensorInfo } from '@tensorflow/tfjs-core';

/**
 * How a query and a key become a number, Σ over vectors d of `term`, and how a gradient in it goes back to either. WGSL of rows that an
 * invocation has for itself (`own`, prepared) and of a vector of the other side (`other`).
 */
export interface Pairing {
  /** Defines `capped(product)`, from the sum to the score, and its derivative `slopeOfCap(product)`. */
  readonly code: string;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly floats: Readonly<Record<string, number>>;
  /** Declares what an invocation has besides. */
  readonly setUp: string;
  /** A vector of an invocation's own row, from what is in memory. */
  own(vector: string): string;
  /** Whether its terms are much code, which a software driver takes minutes to compile when it is written out for each vector. */
  readonly isLong: boolean;
  /** The share of vector `d` in the sum. */
  term(own: string, other: string): string;
  /** The gradient in vector `d` of the own row for a gradient of 1 in the sum; code before it may set things up. */
  gradient(own: string, other: string): { readonly before: string; readonly vector: string };
  /** What all pairs have in common, whose gradient is added up: its vector `d` for a gradient of 1, after the code of `gradient`. */
  readonly common?: string;
}
