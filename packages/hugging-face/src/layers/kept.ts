import * as tf from '@tensorflow/tfjs-core';
import { advances, canReplay, isUnlikeTheNext, type Advancing } from '@heed/core';
import { canWriteInPlace, tensorScatterInPlace } from '@heed/core/model-ops';

export interface KeysAndValues {
  /** [B, heads, Tk, width] */
  readonly key: tf.Tensor4D;
  readonly value: tf.Tensor4D;
}

/** A first allocation is at least of so many positions: a few steps for a few cache lines. */
const LEAST_CAPACITY = 16;

/**
 * Keys and values of one layer, in tensors that it alone has, with room for more where the backend writes in place. What it is emptied of leaves the
 * room to what comes next, so that what was recorded of these tensors still holds.
 */
export class Kept implements KeysAndValues, Advancing {
  key: tf.Tensor4D;
  value: tf.Tensor4D;
  #length: number;

  /**
   * @param first what it begins with
   * @param grows whether more comes, for which there is to be room
   */
  constructor({ key, value }: KeysAndValues, grows: boolean) {
    const room = grows ? roomAfter(key.shape[2]) : 0;
    const begun = (x: tf.Tensor4D): tf.Tensor4D => tf.keep(tf.tidy(() => (room > 0 ? joined([x], room) : tf.clone(x))));
    this.key = begun(key);
    this.value = begun(value);
    this.#length = key.shape[2];
  }

  /** Number of positions; after them there may be room for more. */
  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return (this.key.size + this.value.size) * Float32Array.BYTES_PER_ELEMENT;
  }

  get #capacity(): number {
    return this.key.shape[2];
  }

  /** Adds positions at the end; what is kept is copied only when its room is full and doubles. */
  append(fresh: KeysAndValues): void {
    const added = fresh.key.shape[2];
    const length = this.#length + added;
    if (canWriteInPlace() && length <= this.#capacity) {
      advances(this, added);
      this.#write(fresh, this.#length);
    } else {
      isUnlikeTheNext('a cache grows');
      this.#replace((kept, more) => joined([firstOf(kept, this.#length), more], roomAfter(length)), fresh);
    }
    this.#length = length;
  }

  /** Puts others in their place, in the same tensors where these have the same shape. */
  refill(fresh: KeysAndValues): void {
    if (canWriteInPlace() && tf.util.arraysEqual(fresh.key.shape, this.key.shape)) this.#write(fresh, 0);
    else this.#replace((_, more) => tf.clone(more), fresh);
    this.#length = fresh.key.shape[2];
  }

  /** Makes row i what row rows[i] was, in place where a recording may count on it. */
  gather(rows: tf.Tensor1D): void {
    const gathered = { key: tf.gather(this.key, rows), value: tf.gather(this.value, rows) };
    if (canReplay() && canWriteInPlace() && rows.size === this.key.shape[0]) this.#write(gathered, 0);
    else this.#replace((_, more) => tf.clone(more), gathered);
  }

  /** Its positions alone; to be called in a tidy. */
  exact(): KeysAndValues {
    return { key: firstOf(this.key, this.#length), value: firstOf(this.value, this.#length) };
  }

  /** Forgets all positions. */
  empty(): void {
    this.#length = 0;
  }

  at(): number {
    return this.#length;
  }

  canAdvance(by: number): boolean {
    return !this.key.isDisposed && this.#length + by <= this.#capacity;
  }

  advance(by: number): void {
    this.#length += by;
  }

  dispose(): void {
    tf.dispose([this.key, this.value]);
  }

  #write(fresh: KeysAndValues, start: number): void {
    this.#replace((kept, more) => tensorScatterInPlace(kept, more, { starts: start }), fresh);
  }

  /** @param make a tensor that nobody else has, of the one that there was and what comes */
  #replace(make: (kept: tf.Tensor4D, more: tf.Tensor4D) => tf.Tensor4D, fresh: KeysAndValues): void {
    const before = [this.key, this.value];
    const [key, value] = tf.tidy(() => [make(this.key, fresh.key), make(this.value, fresh.value)] as const) as [
      tf.Tensor4D,
      tf.Tensor4D,
    ];
    this.key = tf.keep(key);
    this.value = tf.keep(value);
    tf.dispose(before);
  }
}

function firstOf(x: tf.Tensor4D, length: number): tf.Tensor4D {
  const [batch, heads, capacity, width] = x.shape;
  return length === capacity ? x : tf.slice(x, [0, 0, 0, 0], [batch, heads, length, width]);
}

/** For how many positions there is to be room after so many. */
const roomAfter = (length: number): number => (canWriteInPlace() ? Math.max(2 * length, LEAST_CAPACITY) - length : 0);

function joined(parts: readonly tf.Tensor4D[], room: number): tf.Tensor4D {
  const [batch, heads, , width] = parts[0]!.shape;
  return tf.concat([...parts, ...(room > 0 ? [tf.zeros<tf.Rank.R4>([batch, heads, room, width])] : [])], 2);
}
