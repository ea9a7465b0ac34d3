import * as tf from '@tensorflow/tfjs-core';
import { HeedError, checkTensor, suggestion } from '@heed/core';
import { presentOf, startOf, type BoundState } from './plan.js';
import type { ProjectedMemory } from './prepared-memory.js';
import type { AttentionState } from './state.js';
import { onlyWhere } from './weigh.js';

/**
 * The state before the first step, where a caller gives some of its tensors.
 *
 * @throws HeedError UNKNOWN_OPTION for a name that the state hasn't, SHAPE_MISMATCH, DTYPE_UNSUPPORTED, DISPOSED
 */
export function beginning(
  what: string,
  state: BoundState | undefined,
  memory: ProjectedMemory,
  given: AttentionState,
): AttentionState {
  const keys = memory.length;
  const shapes = state?.shapes(keys) ?? {};
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(shapes, name));
  if (unknown !== undefined) {
    throw new HeedError('UNKNOWN_OPTION', {
      message: `${what}: the state has no '${unknown}'`,
      hint: suggestion(unknown, Object.keys(shapes), 'it has'),
    });
  }
  const [first] = Object.values(given);
  const rows = first === undefined ? memory.batch : rowsFor(what, first, memory.batch);
  for (const [name, x] of Object.entries(given)) checkTensor(`${what}: ${name}`, x, { axes: [rows, ...shapes[name]!] });
  const start = { ...startOf(state, rows, keys), ...given };
  const { masks } = memory.spread(rows / Math.max(1, memory.batch));
  return Object.fromEntries(
    Object.entries(start).map(([name, x]) => {
      if (given[name] === undefined) return [name, x];
      const isMasked = masks.length > 0 && state?.alongKeys?.includes(name);
      return [name, isMasked ? onlyWhere(presentOf(masks, rows, keys), x) : tf.clone(x)];
    }),
  );
}

/** The rows of a given tensor: as many as the memory has, or a multiple. */
function rowsFor(what: string, { shape }: tf.Tensor, batch: number): number {
  const [rows = 0] = shape;
  if (batch === 0 ? rows === 0 : rows % batch === 0) return rows;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `${what}: ${rows} rows are given, the memory has ${batch}`,
    hint: 'as many rows as the memory, or K in a row for each of them',
    details: { rows, memory: batch },
  });
}
