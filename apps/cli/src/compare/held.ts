import type { Deviation } from '@heed/conformance';
import type { Solved } from './problem.js';

export interface CompareSettings {
  /** A file for maps. */
  readonly out?: string;
  /** Columns of the terminal. */
  readonly width: number;
}

/** A backend's numbers, held against the reference. */
export type Held = Solved & { readonly deviations: readonly Deviation[] };
