import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Active } from './cell.js';

/** Which rows of which steps a mask attends to, in the order of reading. */
export interface AttendedSteps {
  readonly active: readonly Active[];
  /** Where outputs of all steps are kept, bool [B, T, 1], and where they are 0; undefined where all are kept. */
  factors(zeroOutputForMask: boolean, begun: boolean): Tensor | undefined;
  /** The same of one step, [B, 1]. */
  factorOf(step: number, zeroOutputForMask: boolean, begun: boolean): Tensor | undefined;
}

/**
 * Reads a mask [B, T]. A masked step gives the output of the one before, which is 0 before the first attended one even if the states begin with
 * something else.
 */
export function attendedSteps(mask: Tensor | null, batch: number, time: number, backwards: boolean): AttendedSteps {
  const values = mask?.dataSync();
  const attends = (b: number, t: number): boolean =>
    values === undefined || values[b * time + (backwards ? time - 1 - t : t)] !== 0;
  const active = Array.from({ length: time }, (_, t): Active => {
    const rows = Uint8Array.from({ length: batch }, (_, b) => Number(attends(b, t)));
    return rows.every((one) => one === 1) ? undefined : rows;
  });
  const kept = (zero: boolean, begun: boolean): Uint8Array | undefined => {
    if (values === undefined || !(zero || begun)) return undefined;
    const all = new Uint8Array(batch * time);
    for (let b = 0; b < batch; b++) {
      let seen = false;
      for (let t = 0; t < time; t++) {
        seen ||= attends(b, t);
        all[b * time + t] = Number(zero ? attends(b, t) : seen);
      }
    }
    return all;
  };
  return {
    active,
    factors(zero, begun) {
      const all = kept(zero, begun);
      return all && tf.tensor3d(all, [batch, time, 1], 'bool');
    },
    factorOf(step, zero, begun) {
      const all = kept(zero, begun);
      return (
        all &&
        tf.tensor2d(
          Uint8Array.from({ length: batch }, (_, b) => all[b * time + step]),
          [batch, 1],
          'bool',
        )
      );
    },
  };
}
