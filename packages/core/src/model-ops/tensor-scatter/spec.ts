import { defineModelOp } from '../define.js';

/** Where an update goes in a cache [B, …, C, …] of C slots; T of them are written. */
export interface ScatterAttributes {
  /** The axis of slots, counted from 1 on. */
  readonly axis: number;
  /** T */
  readonly steps: number;
  /** The first slot that is written, of each batch row, [B], each in [0, C). After slot C − 1 comes slot 0. */
  readonly starts: Int32Array;
  /**
   * Whether the cache may be overwritten, and be the output: its owner has no use for it any longer. A kernel that does so makes
   * sure that no other tensor shares the cache's numbers, and otherwise copies. To copy is always right.
   */
  readonly inPlace: boolean;
}

/** The update is shaped as the cache, with T in place of C. */
export const tensorScatterSpec = defineModelOp<ScatterAttributes>()({
  name: 'tensorScatter',
  inputs: { cache: {}, update: {} },
  outputs: { present: {} },
});
