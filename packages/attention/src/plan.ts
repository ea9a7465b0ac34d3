import * as tf from '@tensorflow/tfjs-core';
import {
  HeedError,
  both,
  causal,
  checkAlignment,
  checkCausal,
  checkTensor,
  dense,
  materialize,
  show,
  type Alignment,
  type Mask,
} from '@heed/core';
import type { StateDefinition } from './definition.js';
import type { PartsOptions, ScoreOptions } from './mechanism.js';
import { asBool, type Pass } from './pass.js';
import { checkPositionIds } from './positions/position-ids.js';
import type { ProjectedMemory } from './prepared-memory.js';
import { assertOwn, checkState, rowsOf, type AttentionState } from './state.js';

/** How a mechanism's state begins, its configuration known. */
export interface BoundState extends Pick<StateDefinition, 'alongKeys'> {
  shapes(keys: number): Readonly<Record<string, readonly number[]>>;
  initial(name: string, keys: number): ArrayLike<number> | undefined;
}

/** What a call of a mechanism is planned with. */
export interface Planner {
  /** Names the mechanism in messages. */
  readonly what: string;
  readonly queryWidth: number;
  readonly heads: number;
  readonly state: BoundState | undefined;
  /** Whether positions of queries may be given. */
  readonly takesPositions: boolean;
  /** Whether the memory may be read as it is stored, as nothing is asked for that has an axis of positions. */
  readonly readsAsStored: boolean;
  /** Owns the states that may be given. */
  readonly owner: object;
}

export interface Plan {
  /** Whether the query is one step, [N, Q]. */
  readonly isStep: boolean;
  /** Makes the pass, and tensors with it: to be called in a tidy. */
  readonly pass: () => Pass;
}

/**
 * Checks the arguments of a call before anything is computed.
 *
 * @throws HeedError as `attend`
 */
export function plan(planner: Planner, query: tf.Tensor, memory: ProjectedMemory, options: PartsOptions): Plan {
  const { what, queryWidth, heads, takesPositions } = planner;
  const { state, bias, dropout, change, positions } = options;
  if (change !== undefined && typeof change !== 'function') {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: change is ${show(change)}`,
      hint: 'a function from the scores to others of the same shape',
    });
  }
  const rows = state === undefined ? memory.batch : checkGivenState(planner, memory, state);
  const isStep = query?.rank === 2;
  checkTensor(`${what}: query`, query, { axes: isStep ? [rows, queryWidth] : [rows, 'T', queryWidth] });
  const time = isStep ? 1 : query.shape[1]!;
  checkPositionIds(`${what}: positions`, positions, { isTaken: takesPositions, rows, time });
  const alignmentGiven = alignmentOf(what, options, isStep);
  // What the caller gives may have an axis of positions too, or count them.
  const asStored =
    planner.readsAsStored &&
    (options.mask === undefined || isBand(asMask(options.mask))) &&
    ![state, bias, dropout, change].some((given) => given !== undefined);
  const pass = (): Pass => {
    const stored = asStored ? memory.asStored(time, alignmentGiven, options.mask !== undefined) : undefined;
    const { masks, keys, values } = stored ?? memory.spread(memory.batch === 0 ? 1 : rows / memory.batch);
    const { alignment } = stored ?? { alignment: alignmentGiven };
    return {
      what,
      query: isStep ? tf.reshape(query, [rows, 1, queryWidth]) : (query as tf.Tensor3D),
      memory: { keys, values },
      heads,
      masks: [
        ...masks,
        ...(options.causal === undefined || options.causal === false ? [] : [causal(alignment)]),
        ...(options.mask === undefined ? [] : [asMask(options.mask)]),
      ],
      bias,
      alignment,
      positions,
      evicted: memory.evicted,
      dropout,
      state: state ?? startOf(planner.state, rows, memory.length),
      present: () => presentOf(masks, rows, memory.length),
    };
  };
  return { isStep, pass };
}

/** Whether a mask says by offsets alone which positions it means, however many there are. */
const isBand = (mask: Mask): boolean =>
  mask.kind === 'both'
    ? mask.masks.every(isBand)
    : (mask.kind === 'causal' || mask.kind === 'slidingWindow') &&
      mask.offset !== undefined &&
      mask.align === undefined;

/** The state before the first step, for N rows. */
export function startOf(state: BoundState | undefined, rows: number, keys: number): AttentionState {
  const shapes = Object.entries(state?.shapes(keys) ?? {});
  return Object.fromEntries(
    shapes.map(([name, shape]) => {
      const row = state!.initial(name, keys);
      if (row === undefined || rows === 0) return [name, tf.zeros([rows, ...shape])];
      return [name, tf.tile(tf.tensor(Float32Array.from(row), [1, ...shape]), [rows, ...shape.map(() => 1)])];
    }),
  );
}

/** Which positions take part by the memory's own masks: bool [N, Tk]. */
export function presentOf(masks: readonly Mask[], rows: number, keys: number): tf.Tensor2D {
  if (masks.length === 0) return tf.ones<tf.Rank.R2>([rows, keys], 'bool');
  const mask = materialize(both(...masks), { batch: rows, heads: 1, queries: 1, keys });
  return tf.reshape(asBool<tf.Rank.R3>(mask, [rows, 1, keys]), [rows, keys]);
}

/** Gives the rows of the state: as many as the memory has, or a multiple. */
function checkGivenState(
  { what, state: kept, owner }: Planner,
  memory: ProjectedMemory,
  state: AttentionState,
): number {
  if (kept === undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: this mechanism keeps no state, and was given ${show(state)}`,
      hint: 'leave state out',
    });
  }
  assertOwn(what, owner, state);
  checkState(what, state, kept.shapes(memory.length));
  const rows = rowsOf(state);
  if (memory.batch === 0 ? rows === 0 : rows % memory.batch === 0) return rows;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `${what}: the state has ${rows} rows, the memory ${memory.batch}`,
    hint: 'as many rows as the memory, or K in a row for each of them',
    details: { rows, memory: memory.batch },
  });
}

const asMask = (mask: Mask | tf.Tensor): Mask => (mask instanceof tf.Tensor ? dense(mask) : mask);

function alignmentOf(what: string, options: ScoreOptions, isStep: boolean): Alignment {
  checkCausal(`${what}: causal`, options.causal);
  if (options.alignment !== undefined) checkAlignment(`${what}: alignment`, options.alignment);
  const stated = typeof options.causal === 'object' && isStated(options.causal) ? options.causal : undefined;
  if (stated !== undefined && options.alignment !== undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: both causal and alignment say where query 0 sits`,
      hint: 'write causal: true beside alignment',
    });
  }
  return stated ?? options.alignment ?? (isStep ? { align: 'bottom-right' } : {});
}

const isStated = ({ align, offset }: Alignment): boolean => align !== undefined || offset !== undefined;
