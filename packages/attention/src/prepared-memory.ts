import * as tf from '@tensorflow/tfjs-core';
import {
  HeedError,
  checkOptions,
  checkTensor,
  dense,
  padding,
  type Alignment,
  isRecorded,
  isUnlikeTheNext,
  show,
  type Mask,
  type OptionNames,
} from '@heed/core';
import { checkIndices } from './checks.js';
import type { Body, Keeps } from './definition.js';
import type { MemoryTensors, PrepareOptions, PreparedMemory } from './mechanism.js';
import { MemoryStore, type Stored } from './memory-store.js';
import { checkPositionIds } from './positions/position-ids.js';
import type { Projection } from './projection.js';
import { repeatRows } from './rows.js';

export interface ProjectedMemoryOptions extends Projection {
  /** Names the mechanism in messages. */
  readonly what: string;
  readonly memoryWidth: number;
  /** Width of what keys are made of. */
  readonly keysWidth: number;
  readonly mask: tf.Tensor2D | undefined;
  readonly lengths: Int32Array | undefined;
  /** How many positions to make room for. */
  readonly capacity?: number | undefined;
  /** How many positions were forgotten before. */
  readonly evicted?: number;
  /** Whether scores depend on how far apart a query and a position are. */
  readonly positional: boolean;
  /** What is kept when the memory grows; everything when undefined. */
  readonly keeps: Keeps | undefined;
  /** Projects positions `start`, `start + 1`, … */
  readonly project: Body['project'];
  /** Whether positions may be given. */
  readonly takesPositions: boolean;
}

/** A memory as it is stored, and where queries sit in it. */
interface AsStored extends Projection {
  readonly masks: readonly Mask[];
  readonly alignment: Alignment;
}

type AppendOptions = Pick<PrepareOptions, 'keys' | 'positions'>;
const APPEND_OPTIONS: OptionNames<AppendOptions> = { keys: true, positions: true };

export class ProjectedMemory implements PreparedMemory {
  // A public field, so that `tf.tidy` finds the tensors when it returns a memory.
  readonly store: MemoryStore;
  /** How many positions after the first that are kept were forgotten. */
  evicted: number;
  #lengths: Int32Array | undefined;
  readonly #options: Omit<ProjectedMemoryOptions, keyof Stored | 'lengths' | 'capacity' | 'evicted'>;

  constructor({ keys, values, mask, lengths, capacity, evicted = 0, ...options }: ProjectedMemoryOptions) {
    this.evicted = evicted;
    this.store = new MemoryStore({ keys, values, mask }, options.keeps);
    this.#options = options;
    this.#lengths = lengths?.every((length) => length === this.length) ? undefined : lengths;
    if (capacity !== undefined) this.store.reserve(capacity);
  }

  get batch(): number {
    return this.store.keys.shape[0]!;
  }

  get length(): number {
    return this.store.length;
  }

  get isDisposed(): boolean {
    return this.store.keys.isDisposed;
  }

  /** Keys and values with each row `times` times in a row, and who takes part, as masks that broadcast to [N, H, Tq, Tk]. */
  spread(times = 1): Projection & { readonly masks: readonly Mask[] } {
    const { keys, values, mask } = this.store.exact();
    const lengths = this.#lengths;
    return {
      keys: repeatRows(keys, times),
      values: repeatRows(values, times),
      masks: [
        ...(lengths ? [padding(repeatEach(lengths, times))] : []),
        ...(mask ? [dense(repeatRows(mask, times), { axes: 'bk' })] : []),
      ],
    };
  }

  /**
   * The same as it is stored, without a copy: with room after the last position, which takes no part, and in the order of a ring. For
   * who looks at all positions alike, or by an alignment that says where queries sit without counting positions.
   *
   * @param inOrder whether positions must be in order
   * @returns undefined where that alignment doesn't say so
   */
  asStored(queries: number, alignment: Alignment, inOrder: boolean): AsStored | undefined {
    const { length, store } = this;
    const { keys, values, mask, capacity } = store;
    const settled = settledFor(alignment, { queries, keys: length });
    const turns = !inOrder && queries === 1 && settled !== undefined && sitsOn(settled, length - 1);
    if (settled === undefined || !(store.isOrdered || turns)) return undefined;
    const lengths = this.#lengths ?? (length < capacity ? new Int32Array(this.batch).fill(length) : undefined);
    const masks = [...(lengths ? [padding(lengths)] : []), ...(mask ? [dense(mask, { axes: 'bk' })] : [])];
    return { keys, values, masks, alignment: settled };
  }

  append(more: tf.Tensor3D, options: AppendOptions = {}): this {
    const { what, memoryWidth, keysWidth, positional, project, takesPositions } = this.#options;
    this.assertAlive('append');
    checkOptions(`${what}: append`, options, APPEND_OPTIONS);
    const { keys = more, positions } = options;
    checkTensor(`${what}: append: more`, more, { axes: [this.batch, 't', memoryWidth] });
    checkTensor(`${what}: append: keys`, keys, { axes: [this.batch, more.shape[1], keysWidth] });
    const [rows, time] = more.shape;
    checkPositionIds(`${what}: append: positions`, positions, { isTaken: takesPositions, rows, time });
    if (positional && this.#lengths !== undefined) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `${what}: append after rows of lengths [${[...this.#lengths]}] in a memory of ${this.length} positions`,
        hint: 'positions matter to this mechanism: pad short rows on the left and give a mask instead of lengths',
      });
    }
    if (time === 0) return this;
    const start = this.length + this.evicted;
    const surplus = this.#surplus();
    tf.tidy(() => {
      const next = project(keys, more, start, positions);
      if (this.#lengths !== undefined) isUnlikeTheNext('rows have lengths');
      if (this.#lengths !== undefined) this.store.remask(this.#denseMask(this.#lengths));
      this.store.append(next, surplus);
    });
    this.#lengths = undefined;
    this.evicted += surplus;
    return this;
  }

  get held(): Int32Array {
    const first = this.#options.keeps?.first ?? this.length;
    return Int32Array.from({ length: this.length }, (_, j) => (j < first ? j : j + this.evicted));
  }

  truncate(length: number): this {
    const { what } = this.#options;
    this.assertAlive('truncate');
    if (!Number.isInteger(length) || length < 0 || length > this.length || this.evicted > 0 || !this.store.isOrdered) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `${what}: truncate to ${show(length)} positions of ${this.length}, after ${this.evicted} that were forgotten`,
        hint: 'a whole number, at most as many as there are, of a memory that holds all that it was given',
      });
    }
    isUnlikeTheNext('positions are taken back');
    this.store.truncate(length);
    this.#lengths = this.#lengths?.map((one) => Math.min(one, length));
    return this;
  }

  reorder(rows: ArrayLike<number> | tf.Tensor1D): this {
    const { what } = this.#options;
    this.assertAlive('reorder');
    // Nobody looks at numbers in a call that is to be done again with others: who makes it has checked them.
    if (rows instanceof tf.Tensor && isRecorded() && this.#lengths === undefined && rows.size === this.batch) {
      this.store.reorderInPlace(rows);
      return this;
    }
    const order = checkIndices(`${what}: reorder: rows`, rows, this.batch - 1);
    const lengths = this.#lengths && order.map((row) => this.#lengths![row]!);
    this.store.reorder(order);
    this.#lengths = lengths;
    return this;
  }

  tensors(): MemoryTensors {
    this.assertAlive('tensors');
    return tf.tidy(() => {
      const { keys, values, mask } = this.store.exact();
      return {
        keys: tf.clone(keys),
        values: tf.clone(values),
        ...(mask && { mask: tf.clone(mask) }),
        ...(this.#lengths && { lengths: tf.tensor1d(this.#lengths, 'int32') }),
      };
    });
  }

  dispose(): void {
    this.store.dispose();
  }

  assertAlive(call: string): void {
    if (!this.isDisposed) return;
    throw new HeedError('DISPOSED', {
      message: `${this.#options.what}: ${call}: the prepared memory was disposed`,
      hint: 'a memory lives until dispose() or the end of the tf.tidy that prepared it',
    });
  }

  /** How many positions the next one pushes out: it counts among the last itself. */
  #surplus(): number {
    const { keeps } = this.#options;
    return keeps === undefined ? 0 : Math.max(0, this.length - (keeps.first + keeps.last - 1));
  }

  /** bool [B, Tk] of rows that are shorter than the memory. */
  #denseMask(lengths: Int32Array): tf.Tensor2D {
    const within = lengthMask(lengths, this.length);
    const { mask } = this.store.exact();
    return mask === undefined ? within : tf.logicalAnd(mask, within);
  }
}

/** bool [B, Tk]: j < lengths[b]. */
export function lengthMask(lengths: Int32Array, time: number): tf.Tensor2D {
  const within = new Uint8Array(lengths.length * time);
  lengths.forEach((length, b) => within.fill(1, b * time, b * time + length));
  return tf.tensor2d(within, [lengths.length, time], 'bool');
}

/** An alignment that doesn't depend on how many positions there are; undefined for one that says nothing, or too much. */
function settledFor(
  alignment: Alignment,
  { queries, keys }: { readonly queries: number; readonly keys: number },
): Alignment | undefined {
  const { align, offset } = alignment;
  if (offset !== undefined) return align === undefined ? alignment : undefined;
  if (align === 'bottom-right') return { offset: keys - queries };
  return align === 'top-left' || (align === undefined && queries === keys) ? { offset: 0 } : undefined;
}

/** Whether query 0 of every row sits on a position. */
const sitsOn = ({ offset }: Alignment, position: number): boolean =>
  typeof offset === 'number' ? offset === position : Array.from(offset!).every((one) => one === position);

const repeatEach = (lengths: Int32Array, times: number): Int32Array =>
  Int32Array.from({ length: lengths.length * times }, (_, n) => lengths[Math.floor(n / times)]);
