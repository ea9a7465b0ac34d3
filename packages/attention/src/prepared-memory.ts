import * as tf from '@tensorflow/tfjs-core';
import { HeedError, checkOptions, checkTensor, dense, padding, type Mask, type OptionNames } from '@heed/core';
import { checkIndices } from './checks.js';
import { liveLike } from './engine.js';
import type { Body, Keeps } from './definition.js';
import type { PrepareOptions, PreparedMemory } from './mechanism.js';
import { checkPositionIds } from './positions/position-ids.js';
import type { Projection } from './projection.js';
import { gatherRows, repeatRows } from './rows.js';

export interface ProjectedMemoryOptions extends Projection {
  /** Names the mechanism in messages. */
  readonly what: string;
  readonly memoryWidth: number;
  /** Width of what keys are made of. */
  readonly keysWidth: number;
  readonly mask: tf.Tensor2D | undefined;
  readonly lengths: Int32Array | undefined;
  /** Whether scores depend on how far apart a query and a position are. */
  readonly positional: boolean;
  /** What is kept when the memory grows; everything when undefined. */
  readonly keeps: Keeps | undefined;
  /** Projects positions `start`, `start + 1`, … */
  readonly project: Body['project'];
  /** Whether positions may be given. */
  readonly takesPositions: boolean;
}

type AppendOptions = Pick<PrepareOptions, 'keys' | 'positions'>;
const APPEND_OPTIONS: OptionNames<AppendOptions> = { keys: true, positions: true };

export class ProjectedMemory implements PreparedMemory {
  // Public fields, so that `tf.tidy` finds the tensors when it returns a memory.
  keys: tf.Tensor;
  values: tf.Tensor;
  mask: tf.Tensor2D | undefined;
  /** How many positions after the first that are kept were forgotten. */
  evicted = 0;
  #lengths: Int32Array | undefined;
  readonly #options: Omit<ProjectedMemoryOptions, 'keys' | 'values' | 'mask' | 'lengths'>;

  constructor({ keys, values, mask, lengths, ...options }: ProjectedMemoryOptions) {
    this.keys = keys;
    this.values = values;
    this.mask = mask;
    this.#options = options;
    this.#lengths = lengths?.every((length) => length === this.length) ? undefined : lengths;
  }

  get batch(): number {
    return this.keys.shape[0];
  }

  get length(): number {
    return this.keys.shape.at(-2)!;
  }

  get isDisposed(): boolean {
    return this.keys.isDisposed;
  }

  /** Keys and values with each row `times` times in a row, and who takes part, as masks that broadcast to [N, H, Tq, Tk]. */
  spread(times = 1): Projection & { readonly masks: readonly Mask[] } {
    const { keys, values, mask } = this;
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
    const start = this.length + this.evicted;
    const added = more.shape[1];
    if (added === 0) return this;
    const surplus = this.#surplus();
    this.#replace(
      tf.tidy(() => {
        const next = project(keys, more, start, positions);
        const kept = <T extends tf.Tensor>(x: T, axis: number): T => this.#without(surplus, x, axis);
        const held = this.#denseMask();
        const mask = held && kept(held, 1);
        return {
          keys: join(kept(this.keys, this.keys.rank - 2), next.keys, this.keys.rank - 2),
          values: join(kept(this.values, this.values.rank - 2), next.values, this.values.rank - 2),
          mask: mask && join(mask, tf.ones([this.batch, added], 'bool'), 1),
        };
      }),
    );
    this.#lengths = undefined;
    this.evicted += surplus;
    return this;
  }

  get held(): Int32Array {
    const first = this.#options.keeps?.first ?? this.length;
    return Int32Array.from({ length: this.length }, (_, j) => (j < first ? j : j + this.evicted));
  }

  reorder(rows: ArrayLike<number> | tf.Tensor1D): this {
    const { what } = this.#options;
    this.assertAlive('reorder');
    const order = checkIndices(`${what}: reorder: rows`, rows, this.batch - 1);
    const lengths = this.#lengths && order.map((row) => this.#lengths![row]);
    this.#replace(
      tf.tidy(() => {
        const index = tf.tensor1d(order, 'int32');
        return {
          keys: gatherRows(this.keys, index),
          values: gatherRows(this.values, index),
          mask: this.mask && gatherRows(this.mask, index),
        };
      }),
    );
    this.#lengths = lengths;
    return this;
  }

  dispose(): void {
    this.keys.dispose();
    this.values.dispose();
    this.mask?.dispose();
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

  /** An axis of positions without as many after the first that are kept. */
  #without<T extends tf.Tensor>(surplus: number, x: T, axis: number): T {
    if (surplus === 0) return x;
    const first = this.#options.keeps!.first;
    const part = (from: number, length: number): tf.Tensor => {
      const begin = x.shape.map((_, at) => (at === axis ? from : 0));
      return tf.slice(x as tf.Tensor, begin, x.shape.with(axis, length));
    };
    const last = part(first + surplus, x.shape[axis]! - first - surplus);
    return (first === 0 ? last : tf.concat([part(0, first), last], axis)) as T;
  }

  /** bool [B, Tk] when some position doesn't take part. */
  #denseMask(): tf.Tensor2D | undefined {
    const lengths = this.#lengths;
    if (lengths === undefined) return this.mask;
    const within = lengthMask(lengths, this.length);
    return this.mask === undefined ? within : tf.logicalAnd(this.mask, within);
  }

  #replace({ keys, values, mask }: Projection & { mask?: tf.Tensor2D | undefined }): void {
    const old = [this.keys, this.values, this.mask];
    const home = this.keys;
    this.keys = liveLike(keys, home);
    this.values = liveLike(values, home);
    this.mask = mask && liveLike(mask, home);
    for (const tensor of old) tensor?.dispose();
  }
}

/** bool [B, Tk]: j < lengths[b]. */
export function lengthMask(lengths: Int32Array, time: number): tf.Tensor2D {
  const within = new Uint8Array(lengths.length * time);
  lengths.forEach((length, b) => within.fill(1, b * time, b * time + length));
  return tf.tensor2d(within, [lengths.length, time], 'bool');
}

function join<T extends tf.Tensor>(a: T, b: T, axis: number): T {
  if (a.shape[axis] === 0) return tf.clone(b);
  const shape = a.shape.with(axis, a.shape[axis] + b.shape[axis]);
  return (a.size === 0 ? tf.zeros(shape, a.dtype as 'float32') : tf.concat([a as tf.Tensor, b], axis)) as T;
}

const repeatEach = (lengths: Int32Array, times: number): Int32Array =>
  Int32Array.from({ length: lengths.length * times }, (_, n) => lengths[Math.floor(n / times)]);
