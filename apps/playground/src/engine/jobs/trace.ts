import type { TextTrace } from '@heed/networks';

/** What a transformer computes of a text, and the names of its places. */
export interface TraceAnswer extends TextTrace {
  /** The beginning, and the symbols of the text. */
  readonly places: readonly string[];
}
