import * as tf from '@tensorflow/tfjs-core';
import type { BoundMechanism, PreparedMemory } from '@heed/attention';
import { HeedError } from '@heed/core';

/**
 * Positions that a memory has room for at first. Each time that it grows, the next steps are recorded anew: so it is as many as a text of the
 * model's window has, within bounds.
 */
export const firstRoom = (window: number): number => Math.min(Math.max(window, 64), 256);

/** What one text is read into, place by place, before the first one, with room for some; the caller's to dispose. */
export function emptyMemory(mechanism: BoundMechanism, capacity = 0): PreparedMemory {
  const nothing = tf.zeros<tf.Rank.R3>([1, 0, mechanism.memoryWidth]);
  const memory = mechanism.prepare(nothing, { capacity });
  nothing.dispose();
  return memory;
}

/**
 * How far a step has come is told by the length of its memory.
 *
 * @throws HeedError CONFIG_INVALID for attention whose memory lets places go
 */
export function assertRemembers({ forgets, config }: BoundMechanism): void {
  if (!forgets) return;
  const { kind } = config();
  throw new HeedError('CONFIG_INVALID', {
    message: `attention '${kind}' lets places go, and a step can't tell by what is left how many there were`,
    hint: 'export a model whose attention keeps all places; a window, without streaming, may hide the far ones',
    details: { kind },
  });
}
