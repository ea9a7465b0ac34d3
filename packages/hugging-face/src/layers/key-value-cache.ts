import * as tf from '@tensorflow/tfjs-core';

interface KeysAndValues {
  /** [B, heads, Tk, width] */
  readonly key: tf.Tensor4D;
  readonly value: tf.Tensor4D;
}

/** Keys and values of attention layers by the layer, from one step of a continuation to the next. It owns them. */
export class KeyValueCache {
  readonly #kept = new Map<object, KeysAndValues>();

  /** Those of before with those of the new positions after them. */
  readonly append = (layer: object, prepare: () => KeysAndValues): KeysAndValues => {
    const before = this.#kept.get(layer);
    const fresh = prepare();
    if (before === undefined) return this.#keep(layer, fresh);
    return this.#keep(layer, {
      key: tf.concat([before.key, fresh.key], 2),
      value: tf.concat([before.value, fresh.value], 2),
    });
  };

  /** Those of a source, which stay as they are. */
  readonly once = (layer: object, prepare: () => KeysAndValues): KeysAndValues =>
    this.#kept.get(layer) ?? this.#keep(layer, prepare());

  /** Takes the sequences of the batch anew, by their numbers: each may go on more than once, or end. */
  gather(rows: Int32Array): void {
    tf.tidy(() => {
      const index = tf.tensor1d(rows, 'int32');
      for (const [layer, { key, value }] of this.#kept) {
        this.#keep(layer, { key: tf.gather(key, index), value: tf.gather(value, index) });
      }
    });
  }

  dispose(): void {
    for (const kept of this.#kept.values()) tf.dispose([kept.key, kept.value]);
    this.#kept.clear();
  }

  #keep(layer: object, { key, value }: KeysAndValues): KeysAndValues {
    const before = this.#kept.get(layer);
    const kept = { key: tf.keep(tf.clone(key)), value: tf.keep(tf.clone(value)) };
    this.#kept.set(layer, kept);
    if (before !== undefined) tf.dispose([before.key, before.value]);
    return kept;
  }
}
