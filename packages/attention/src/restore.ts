import * as tf from '@tensorflow/tfjs-core';
import { HeedError, checkOptions, checkTensor, show } from '@heed/core';
import { checkIndices } from './checks.js';
import { RESTORE_OPTIONS, type MemoryTensors, type RestoreOptions } from './mechanism.js';
import { ProjectedMemory } from './prepared-memory.js';
import type { MemoryMaker } from './prepare.js';

/** `restore` of a mechanism: checks that the tensors are such as it projects, and takes them for a memory of its own. */
export function restoreMemory(
  mechanism: MemoryMaker,
  { keys, values, mask, lengths }: MemoryTensors,
  options: RestoreOptions,
): ProjectedMemory {
  const what = `${mechanism.what}: restore`;
  checkOptions(what, options, RESTORE_OPTIONS);
  const { evicted = 0 } = options;
  if (!Number.isSafeInteger(evicted) || evicted < 0 || (evicted > 0 && mechanism.keeps === undefined)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: evicted is ${show(evicted)}`,
      hint: mechanism.keeps === undefined ? 'this mechanism forgets no positions' : 'a whole number',
    });
  }
  const shapes = shapesOf(mechanism);
  checkTensor(`${what}: keys`, keys, { axes: axesOf(shapes.keys, 'B', 'Tk') });
  const [batch, time] = [keys.shape[0]!, keys.shape.at(-2)!];
  checkTensor(`${what}: values`, values, { axes: axesOf(shapes.values, batch, time) });
  if (mask !== undefined) checkTensor(`${what}: mask`, mask, { axes: [batch, time], dtype: 'bool' });
  const counts = lengths && checkIndices(`${what}: lengths`, lengths, time, batch);
  const stored = tf.tidy(() => ({
    keys: tf.clone(keys),
    values: tf.clone(values),
    ...(mask && { mask: tf.clone(mask) }),
  }));
  return new ProjectedMemory({ ...mechanism, mask: undefined, ...stored, lengths: counts, evicted });
}

/** Shapes of the keys and values of no positions. */
const shapesOf = ({ project, keysWidth, memoryWidth }: MemoryMaker) =>
  tf.tidy(() => {
    const { keys, values } = project(tf.zeros([1, 0, keysWidth]), tf.zeros([1, 0, memoryWidth]), 0);
    return { keys: keys.shape, values: values.shape };
  });

const axesOf = (shape: readonly number[], batch: number | string, time: number | string): (number | string)[] =>
  shape.map((length, axis) => (axis === 0 ? batch : axis === shape.length - 2 ? time : length));
