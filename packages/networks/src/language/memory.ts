import * as tf from '@tensorflow/tfjs-core';
import type { BoundMechanism, PreparedMemory } from '@heed/attention';

/** What one text is read into, place by place, before the first one; the caller's to dispose. */
export function emptyMemory(mechanism: BoundMechanism): PreparedMemory {
  const nothing = tf.zeros<tf.Rank.R3>([1, 0, mechanism.memoryWidth]);
  const memory = mechanism.prepare(nothing);
  nothing.dispose();
  return memory;
}
