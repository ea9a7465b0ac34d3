import * as tf from '@tensorflow/tfjs-core';
import type { Direction } from '@heed/core/model-ops';

/** What a direction reads step by step of sequences of one length: [B, T, …] → [T, B, …]. */
export function toEqualSteps<T extends tf.Tensor>(x: T, direction: Direction): T {
  return inOrder(swapped(x), direction);
}

/** What directions gave step by step, [T, B, H] each, side by side at the positions that they read: [B, T, directions·H]. */
export function toEqualPositions(steps: Readonly<Partial<Record<Direction, tf.Tensor3D>>>): tf.Tensor3D {
  const parts = Object.entries(steps).map(([direction, x]) => swapped(inOrder(x, direction as Direction)));
  return parts.length === 1 ? parts[0] : tf.concat3d(parts, 2);
}

const inOrder = <T extends tf.Tensor>(steps: T, direction: Direction): T =>
  direction === 'forward' ? steps : tf.reverse(steps, 0);

const swapped = <T extends tf.Tensor>(x: T): T => tf.transpose(x, [1, 0, ...x.shape.slice(2).map((_, n) => n + 2)]);
