import * as tf from '@tensorflow/tfjs-core';
import { canWriteInPlace, tensorScatterInPlace } from '@heed/core/model-ops';

interface KeysAndValues {
  /** [B, heads, Tk, width] */
  readonly key: tf.Tensor4D;
  readonly value: tf.Tensor4D;
}

interface Kept extends KeysAndValues {
  /** Number of positions; after them there may be room for more. */
  readonly length: number;
}

/** A first allocation is at least of so many positions: a few steps for a few cache lines. */
const LEAST_CAPACITY = 16;

/**
 * Keys and values of attention layers by the layer, from one step of a continuation to the next. It owns them. Where the backend writes in place,
 * new positions are written where they belong, and what is kept is copied only when its room is full and doubles.
 */
export class KeyValueCache {
  readonly #kept = new Map<object, Kept>();

  /** Those of before with those of the new positions after them, and perhaps with room after these. */
  readonly append = (layer: object, prepare: () => KeysAndValues): KeysAndValues => {
    const before = this.#kept.get(layer);
    const fresh = prepare();
    const start = before?.length ?? 0;
    const length = start + fresh.key.shape[2];
    if (!canWriteInPlace()) {
      return this.#keep(layer, {
        key: before === undefined ? tf.clone(fresh.key) : tf.concat([before.key, fresh.key], 2),
        value: before === undefined ? tf.clone(fresh.value) : tf.concat([before.value, fresh.value], 2),
        length,
      });
    }
    const write = (kept: tf.Tensor4D | undefined, more: tf.Tensor4D): tf.Tensor4D => {
      const capacity = kept?.shape[2] ?? 0;
      if (kept !== undefined && length <= capacity) return tensorScatterInPlace(kept, more, { starts: start });
      const [batch, heads, , width] = more.shape;
      const room = tf.zeros<tf.Rank.R4>([batch, heads, Math.max(2 * length, LEAST_CAPACITY) - length, width]);
      const old = kept === undefined ? [] : [tf.slice(kept, [0, 0, 0, 0], [batch, heads, start, width])];
      return tf.concat([...old, more, room], 2);
    };
    return this.#keep(layer, { key: write(before?.key, fresh.key), value: write(before?.value, fresh.value), length });
  };

  /** Those of a source, which stay as they are. */
  readonly once = (layer: object, prepare: () => KeysAndValues): KeysAndValues => {
    const kept = this.#kept.get(layer);
    if (kept !== undefined) return kept;
    const { key, value } = prepare();
    return this.#keep(layer, { key: tf.clone(key), value: tf.clone(value), length: key.shape[2] });
  };

  /** Takes the sequences of the batch anew, by their numbers: each may go on more than once, or end. */
  gather(rows: Int32Array): void {
    tf.tidy(() => {
      const index = tf.tensor1d(rows, 'int32');
      for (const [layer, { key, value, length }] of this.#kept) {
        this.#keep(layer, { key: tf.gather(key, index), value: tf.gather(value, index), length });
      }
    });
  }

  dispose(): void {
    for (const kept of this.#kept.values()) tf.dispose([kept.key, kept.value]);
    this.#kept.clear();
  }

  /** @param kept tensors that nobody else has */
  #keep(layer: object, kept: Kept): Kept {
    const before = this.#kept.get(layer);
    tf.keep(kept.key);
    tf.keep(kept.value);
    this.#kept.set(layer, kept);
    if (before !== undefined) tf.dispose([before.key, before.value]);
    return kept;
  }
}
