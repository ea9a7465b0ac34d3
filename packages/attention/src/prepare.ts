import * as tf from '@tensorflow/tfjs-core';
import { HeedError, checkOptions, checkTensor, show } from '@heed/core';
import { checkIndices } from './checks.js';
import { PREPARE_OPTIONS, type PrepareOptions } from './mechanism.js';
import { checkPositionIds } from './positions/position-ids.js';
import { ProjectedMemory, lengthMask, type ProjectedMemoryOptions } from './prepared-memory.js';

/** What a mechanism's memories know of it. */
export type MemoryMaker = Pick<
  ProjectedMemoryOptions,
  'what' | 'memoryWidth' | 'keysWidth' | 'positional' | 'project' | 'keeps' | 'takesPositions'
>;

/** `prepare` of a mechanism: checks, and keys and values as the mechanism projects them. */
export function prepareMemory(mechanism: MemoryMaker, memory: tf.Tensor3D, options: PrepareOptions): ProjectedMemory {
  const { memoryWidth, keysWidth, project, takesPositions } = mechanism;
  const what = `${mechanism.what}: prepare`;
  checkOptions(what, options, PREPARE_OPTIONS);
  checkTensor(`${what}: memory`, memory, { axes: ['B', 'Tk', memoryWidth] });
  const [batch, time] = memory.shape;
  const { keys = memory, mask, positions } = options;
  checkPositionIds(`${what}: positions`, positions, { isTaken: takesPositions, rows: batch, time });
  checkTensor(`${what}: keys`, keys, { axes: [batch, time, keysWidth] });
  if (mask !== undefined) checkTensor(`${what}: mask`, mask, { axes: [batch, time], dtype: 'bool' });
  const capacity = options.capacity === undefined ? undefined : checkCapacity(what, options.capacity, time);
  const lengths =
    options.lengths === undefined ? undefined : checkIndices(`${what}: lengths`, options.lengths, time, batch);
  const projection = tf.tidy(() => {
    const values = withoutPadding(memory, lengths, mask);
    const sources = keys === memory ? values : withoutPadding(keys, lengths, mask);
    return { ...project(sources, values, 0, positions), mask: mask && tf.clone(mask) };
  });
  return new ProjectedMemory({ ...mechanism, ...projection, lengths, capacity });
}

function checkCapacity(what: string, capacity: number, time: number): number {
  if (Number.isSafeInteger(capacity) && capacity >= time) return capacity;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${what}: capacity is ${show(capacity)}, and there are ${time} positions`,
    hint: 'how many positions there will be in all, a whole number',
  });
}

/**
 * Zeros where a position takes no part. Core keeps such a position out of scores and contexts, but a projection comes
 * before it, and in the gradient of a kernel, hᵀ·dKeys, a NaN in h would outlive the zero in dKeys.
 */
function withoutPadding(x: tf.Tensor3D, lengths: Int32Array | undefined, mask: tf.Tensor2D | undefined): tf.Tensor3D {
  const [batch, time] = x.shape;
  const isShort = lengths?.some((length) => length < time) ?? false;
  if (x.size === 0 || (!isShort && mask === undefined)) return x;
  const within = isShort ? lengthMask(lengths!, time) : undefined;
  const part = mask && within ? tf.logicalAnd(mask, within) : (mask ?? within!);
  return tf.where(tf.reshape(part, [batch, time, 1]), x, tf.zerosLike(x));
}
