import * as tf from '@tensorflow/tfjs-core';
import { HeedError, checkOptions, checkTensor, show } from '@heed/core';
import { checkIndices } from './checks.js';
import { gatherRows } from './rows.js';

/**
 * What a mechanism remembers from one step to the next: tensors by name, the first axis of each the rows. It is opaque, but
 * for `gatherState`, and for what a mechanism says of its own. Tensors are the caller's to dispose: `tf.dispose(state)`.
 */
export type AttentionState = Readonly<Record<string, tf.Tensor>>;

/** Which mechanism each state is of, so that none is taken for another's. */
const owners = new WeakMap<AttentionState, object>();

/** Marks a state as that of an owner, and returns it. */
export function ownedBy(owner: object, state: AttentionState): AttentionState {
  owners.set(state, owner);
  return state;
}

/**
 * The state whose row i is row rows[i] of another, as beam search needs: rows may repeat, and be more or fewer. Like
 * `reorder` of a prepared memory it is meant for decoding, and its gradient is that of `tf.gather`.
 *
 * @returns a new state; the old one stays as it was
 * @throws HeedError INVALID_ARGUMENT for what is no state or no row of it, DISPOSED
 */
export function gatherState(state: AttentionState, rows: ArrayLike<number> | tf.Tensor1D): AttentionState {
  const owner = ownerOf('gatherState', state);
  checkState('gatherState', state);
  const order = checkIndices('gatherState: rows', rows, rowsOf(state) - 1);
  const gathered = tf.tidy(() => {
    const index = tf.tensor1d(order, 'int32');
    return Object.fromEntries(Object.entries(state).map(([name, x]) => [name, gatherRows(x, index)]));
  });
  return ownedBy(owner, gathered);
}

/**
 * A state of the same mechanism with other tensors, exactly as they are: those of a step that was computed elsewhere, say. `initialState` takes
 * tensors that somebody made, and puts 0 where a position takes no part.
 *
 * @param tensors by the names of the state, borrowed
 * @throws HeedError INVALID_ARGUMENT for what is no state, UNKNOWN_OPTION for other names, SHAPE_MISMATCH, DTYPE_UNSUPPORTED, DISPOSED
 */
export function restoreState(state: AttentionState, tensors: AttentionState): AttentionState {
  const owner = ownerOf('restoreState', state);
  const names = Object.keys(state);
  checkOptions('restoreState', tensors, Object.fromEntries(names.map((name) => [name, true])));
  for (const name of names) {
    checkTensor(`restoreState: ${name}`, tensors[name]!, { axes: ['N', ...state[name]!.shape.slice(1)] });
  }
  return ownedBy(owner, Object.fromEntries(names.map((name) => [name, tensors[name]!])));
}

/** How many rows a state has. */
export const rowsOf = (state: AttentionState): number => Object.values(state)[0].shape[0]!;

/** @throws HeedError INVALID_ARGUMENT when it isn't a state of this owner */
export function assertOwn(what: string, owner: object, state: AttentionState): void {
  if (ownerOf(what, state) === owner) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${what}: the state is of another mechanism`,
    hint: 'give the state that attend of the same mechanism returned, or leave it out at the first step',
  });
}

function ownerOf(what: string, state: AttentionState): object {
  const owner = typeof state === 'object' && state !== null ? owners.get(state) : undefined;
  if (owner !== undefined) return owner;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${what}: the state is ${show(state)}, which no mechanism returned`,
    hint: 'give what attend, initialState or gatherState returned, the object itself',
  });
}

/**
 * @param shapes what the tensors' shapes are without the rows, when that is known
 * @throws HeedError DISPOSED, SHAPE_MISMATCH when the memory has another length now
 */
export function checkState(
  what: string,
  state: AttentionState,
  shapes?: Readonly<Record<string, readonly number[]>>,
): void {
  for (const [name, x] of Object.entries(state)) {
    if (x.isDisposed) {
      throw new HeedError('DISPOSED', {
        message: `${what}: '${name}' [${x.shape}] of the state was disposed`,
        hint: 'a state lives until its tensors are disposed, or the end of the tf.tidy that made it',
        details: { name, shape: x.shape },
      });
    }
    const wanted = shapes?.[name];
    if (wanted === undefined || String(x.shape.slice(1)) === String(wanted)) continue;
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${what}: '${name}' of the state has shape [${x.shape}], expected [${['N', ...wanted]}]`,
      hint: 'a state belongs to a memory of the length that it was made with',
      details: { name, shape: x.shape, expected: ['N', ...wanted] },
    });
  }
}
