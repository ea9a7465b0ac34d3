import * as tf from '@tensorflow/tfjs-core';
import { advances, isUnlikeTheNext, type Advancing } from '@heed/core';
import { canWriteInPlace, tensorScatterInPlace } from '@heed/core/model-ops';
import type { Keeps } from './definition.js';
import { liveLike } from './engine.js';
import type { Projection } from './projection.js';
import { gatherRows } from './rows.js';

/** Keys and values, and which positions take part: bool [B, Tk], all where it is absent. */
export interface Stored extends Projection {
  readonly mask?: tf.Tensor2D | undefined;
}

/** A first allocation is at least of so many positions: a few steps of decoding for a few cache lines. */
const LEAST_CAPACITY = 16;

/**
 * Keys and values of positions, in tensors with room for more where the backend writes in place; there a new position is written
 * where it belongs, and what is stored is copied only when the room is full and doubles. What a memory keeps ends its growth: then the
 * last positions are a ring, in which a new one takes the place of the oldest.
 *
 * It alone holds its tensors while it writes into them. `exact` gives others, whose numbers no later write changes: positions that
 * were stored before a write in sequence are never written to, and a ring begins in new tensors and is always copied.
 */
export class MemoryStore {
  // Public fields, so that `tf.tidy` finds the tensors when it returns a memory. Each may have room beyond `length`, where masks are true.
  keys: tf.Tensor;
  values: tf.Tensor;
  mask: tf.Tensor2D | undefined;
  #length: number;
  readonly #keeps: Keeps | undefined;
  /** Which of the ring's slots holds its oldest position; undefined when positions are in order. */
  #oldest: number | undefined;
  /** Whether somebody may have tensors that share numbers with these: those of the first positions, which aren't written to again. */
  #isSeen = false;

  constructor({ keys, values, mask }: Stored, keeps: Keeps | undefined) {
    this.keys = keys;
    this.values = values;
    this.mask = mask;
    this.#length = this.capacity;
    this.#keeps = keeps;
  }

  get length(): number {
    return this.#length;
  }

  /** How many positions there is room for. */
  get capacity(): number {
    return this.keys.shape.at(-2)!;
  }

  /** Whether positions are in order, the oldest first. */
  get isOrdered(): boolean {
    return this.#oldest === undefined;
  }

  /** All that is stored, in order and without room; to be called in a tidy. */
  exact(): Stored {
    const { keys, values, mask } = this;
    this.#isSeen = true;
    if (this.isOrdered && this.length === this.capacity) return { keys, values, mask };
    return { keys: this.#without(0, keys), values: this.#without(0, values), mask: mask && this.#without(0, mask, 1) };
  }

  /** Makes room for so many positions in all, where the backend writes in place, and as far as the memory keeps so many. */
  reserve(capacity: number): void {
    const most = Math.min(capacity, this.#most);
    if (most > this.capacity && this.#canWrite(this.keys)) this.#replace(() => this.#withRoom(0, most));
  }

  /** Adds positions at the end, all of which take part, and forgets `surplus` of those after the first that are kept. */
  append(next: Projection, surplus: number): void {
    const added = next.keys.shape.at(-2)!;
    const length = this.length - surplus + added;
    const grows = this.#canWrite(next.keys) && length <= this.#most && (surplus === 0 || this.mask === undefined);
    if (grows && surplus > 0) {
      this.#turn(next, surplus);
    } else if (grows) {
      this.#extend(next, length);
    } else {
      isUnlikeTheNext('a memory is copied');
      this.#replace(() => this.#joined(next, surplus));
      this.#oldest = undefined;
    }
    this.#length = length;
  }

  /** How a call that is done again moves this on. */
  readonly #advancing: Advancing = {
    at: () => this.#length,
    canAdvance: (by) => !this.keys.isDisposed && this.#length + by <= this.capacity,
    advance: (by) => {
      this.#length += by;
    },
  };

  /** Forgets positions from `length` on, and keeps the room; of positions in order. */
  truncate(length: number): void {
    this.#length = length;
    if (this.#isSeen) this.#replace(() => this.#withRoom(0, this.capacity));
    this.#isSeen = false;
  }

  /** Makes row i what row order[i] was. Rows that stay where they are cost nothing. */
  reorder(order: Int32Array): void {
    isUnlikeTheNext('rows change places');
    if (order.length === this.keys.shape[0] && order.every((row, i) => row === i)) return;
    this.#replace(() => this.#gathered(tf.tensor1d(order, 'int32')));
  }

  /** The same in place, by a list on the device, of as many rows as there are. */
  reorderInPlace(order: tf.Tensor1D): void {
    if (!this.#canWrite(this.keys) || this.mask !== undefined) {
      isUnlikeTheNext('rows change places');
      this.#replace(() => this.#gathered(order));
      return;
    }
    this.#replace(() => {
      const { keys, values } = this.#gathered(order);
      return {
        keys: tensorScatterInPlace(this.keys, keys),
        values: tensorScatterInPlace(this.values, values),
        mask: undefined,
      };
    });
  }

  #gathered(index: tf.Tensor1D): Stored {
    const { keys, values, mask } = this;
    return {
      keys: gatherRows(keys, index),
      values: gatherRows(values, index),
      mask: mask && gatherRows(mask, index),
    };
  }

  /** Puts another mask in the place of what there is, [B, length]. */
  remask(mask: tf.Tensor2D): void {
    const { keys, values } = this;
    const room = this.capacity - this.length;
    this.#replace(() => ({ keys, values, mask: joined(mask, openMask(mask.shape[0], room), 1) }));
  }

  dispose(): void {
    this.keys.dispose();
    this.values.dispose();
    this.mask?.dispose();
  }

  /** The most positions that there are after an append of one. */
  get #most(): number {
    return this.#keeps === undefined ? Infinity : this.#keeps.first + this.#keeps.last;
  }

  #canWrite(keys: tf.Tensor): boolean {
    return keys.shape[0]! > 0 && canWriteInPlace();
  }

  /** Positions in sequence, `length` of them with these. */
  #extend(next: Projection, length: number): void {
    if (length > this.capacity) {
      isUnlikeTheNext('a memory grows');
      const capacity = Math.min(this.#most, Math.max(2 * this.length, length, LEAST_CAPACITY));
      this.#replace(() => this.#withRoom(0, capacity));
    }
    advances(this.#advancing, length - this.length);
    this.#write(next, this.length);
  }

  /** One position in the place of the oldest after the first. Before there is a ring, `surplus` make way for it and it is the last. */
  #turn(next: Projection, surplus: number): void {
    isUnlikeTheNext('a ring turns');
    if (this.#oldest === undefined) {
      this.#replace(() => this.#withRoom(surplus, this.#most));
      this.#write(next, this.#most - 1);
      this.#oldest = 0;
    } else {
      this.#write(next, this.#keeps!.first + this.#oldest);
      this.#oldest = (this.#oldest + 1) % this.#keeps!.last;
    }
  }

  #joined(next: Projection, surplus: number): Stored {
    const { keys, values, mask } = this;
    const [batch, added] = [keys.shape[0]!, next.keys.shape.at(-2)!];
    return {
      keys: joined(this.#without(surplus, keys), next.keys, keys.rank - 2),
      values: joined(this.#without(surplus, values), next.values, values.rank - 2),
      mask: mask && joined(this.#without(surplus, mask, 1), openMask(batch, added), 1),
    };
  }

  #withRoom(surplus: number, capacity: number): Stored {
    const { keys, values, mask } = this;
    const room = capacity - (this.length - surplus);
    // Zeros that the device makes: those of `tf.zeros` are made on the host, and collecting them took longer than the copy.
    const roomOf = (x: tf.Tensor): tf.Tensor => tf.fill(x.shape.with(x.rank - 2, room), 0);
    return {
      keys: joined(this.#without(surplus, keys), roomOf(keys), keys.rank - 2),
      values: joined(this.#without(surplus, values), roomOf(values), values.rank - 2),
      mask: mask && joined(this.#without(surplus, mask, 1), openMask(keys.shape[0]!, room), 1),
    };
  }

  /** The axis of positions in order and without room, and without as many after the first that are kept. */
  #without<T extends tf.Tensor>(surplus: number, x: T, axis = x.rank - 2): T {
    const part = (from: number, to: number): tf.Tensor => {
      const begin = x.shape.map((_, at) => (at === axis ? from : 0));
      return tf.slice(x as tf.Tensor, begin, x.shape.with(axis, to - from));
    };
    const { length } = this;
    if (this.#oldest !== undefined) {
      const inOrder = this.#ringOf(surplus).map(([from, to]) => part(from, to));
      // A slice may share its numbers with the ring, which goes on: a single one is copied.
      return (inOrder.length === 1 ? tf.mul(inOrder[0]!, 1) : tf.concat(inOrder, axis)) as T;
    }
    if (surplus === 0) return (length === x.shape[axis] ? x : part(0, length)) as T;
    const { first } = this.#keeps!;
    const last = part(first + surplus, length);
    return (first === 0 ? last : tf.concat([part(0, first), last], axis)) as T;
  }

  /** Ranges of slots in the order of their positions, without as many after the first that are kept. */
  #ringOf(surplus: number): (readonly [number, number])[] {
    const { first, last } = this.#keeps!;
    const middle = first + this.#oldest!;
    const from = middle + surplus;
    const end = first + last;
    const ranges = [
      [0, first],
      [from, end],
      [first + Math.max(0, from - end), middle],
    ] as const;
    return ranges.filter(([start, stop]) => start < stop);
  }

  /** Writes positions to slots from `slot` on. */
  #write({ keys, values }: Projection, slot: number): void {
    this.#replace(() => ({
      keys: tensorScatterInPlace(this.keys, keys, { starts: slot }),
      values: tensorScatterInPlace(this.values, values, { starts: slot }),
      mask: this.mask,
    }));
  }

  /** Puts others in place of the tensors, which then live as long; what isn't given again is freed. */
  #replace(make: () => Stored): void {
    const old = [this.keys, this.values, this.mask];
    const home = this.keys;
    const { keys, values, mask } = tf.tidy(() => {
      const made = make();
      return { keys: made.keys, values: made.values, ...(made.mask && { mask: made.mask }) };
    }) as Stored;
    this.keys = keys === home ? keys : liveLike(keys, home);
    this.values = values === old[1] ? values : liveLike(values, home);
    this.mask = mask && (mask === old[2] ? mask : liveLike(mask, home));
    for (const tensor of old) {
      if (tensor !== this.keys && tensor !== this.values && tensor !== this.mask) tensor?.dispose();
    }
  }
}

const openMask = (batch: number, positions: number): tf.Tensor2D => tf.ones([batch, positions], 'bool');

function joined<T extends tf.Tensor>(a: T, b: T, axis: number): T {
  if (a.shape[axis] === 0 || b.shape[axis] === 0) return tf.clone(a.shape[axis] === 0 ? b : a);
  const shape = a.shape.with(axis, a.shape[axis]! + b.shape[axis]!);
  return (a.size === 0 ? tf.zeros(shape, a.dtype as 'float32') : tf.concat([a as tf.Tensor, b], axis)) as T;
}
