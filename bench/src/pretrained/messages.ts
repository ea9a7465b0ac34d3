import type { SubjectOptions } from './subject.js';

export type Library = 'heed' | 'web' | 'node';

export interface ChildArguments extends SubjectOptions {
  readonly library: Library;
}

/** Tokens that continue a prompt; or the states of sequences, of which the first of each comes back. */
export type Request =
  | { readonly prompt: readonly number[]; readonly count: number }
  | { readonly sequences: readonly (readonly number[])[] };

export interface Reply {
  readonly results: Float32Array;
  /** Most memory that the process has had, in bytes. */
  readonly peakBytes: number;
}

/** What a child says first. */
export interface Loaded {
  /** From before the library was opened until the model could run, in milliseconds. */
  readonly loadMs: number;
  readonly peakBytes: number;
}
