import * as tf from '@tensorflow/tfjs-core';
import { replayable } from '@heed/core';
import { Kept, type KeysAndValues } from './kept.js';

/**
 * Keys and values of attention layers by the layer, from one step of a continuation to the next. It owns them. One that is restarted keeps its tensors
 * for the next continuation of as many sequences.
 */
export class KeyValueCache {
  /** Keys and values of the sequences themselves. */
  readonly #own = new Map<object, Kept>();
  /** Keys and values of what they attend to besides, which stay as they are. */
  readonly #ofSource = new Map<object, Kept>();
  /** The source of each sequence, by its number; undefined while each has its own. */
  #sources: readonly number[] | undefined;
  readonly #turn = replayable(({ rows }) => {
    for (const kept of this.#own.values()) kept.gather(rows as tf.Tensor1D);
    return {};
  });

  /** Those of before with those of the new positions after them, and perhaps with room after these. */
  readonly append = (layer: object, prepare: () => KeysAndValues): KeysAndValues => {
    const fresh = prepare();
    const kept = this.#own.get(layer);
    if (kept === undefined) {
      const made = new Kept(fresh, true);
      this.#own.set(layer, made);
      return made;
    }
    kept.append(fresh);
    return kept;
  };

  /** Those of a source, which are asked for once. */
  readonly once = (layer: object, prepare: () => KeysAndValues): KeysAndValues => {
    const kept = this.#ofSource.get(layer);
    if (kept === undefined) {
      const made = new Kept(prepare(), false);
      this.#ofSource.set(layer, made);
      return made;
    }
    if (kept.length === 0) kept.refill(prepare());
    return kept;
  };

  /** Takes the sequences of the batch anew, by their numbers, as many as there are: each may go on more than once, or end. */
  gather(rows: Int32Array): void {
    const isMoved = this.#moveSources(rows);
    tf.tidy(() => {
      const index = tf.tensor1d(rows, 'int32');
      this.#turn({ rows: index });
      if (isMoved) for (const kept of this.#ofSource.values()) kept.gather(index);
    });
  }

  /** Begins with sequences of another, by their numbers. */
  take(other: KeyValueCache, rows: Int32Array): void {
    tf.tidy(() => {
      const index = tf.tensor1d(rows, 'int32');
      const taken = (kept: Kept) => (): KeysAndValues => {
        const { key, value } = kept.exact();
        return { key: tf.gather(key, index), value: tf.gather(value, index) };
      };
      for (const [layer, kept] of other.#own) this.append(layer, taken(kept));
      for (const [layer, kept] of other.#ofSource) this.once(layer, taken(kept));
    });
    this.#sources = Array.from(rows, (row) => other.#sources?.[row] ?? row);
  }

  /** For how many positions of the sequences there is room. */
  get capacity(): number {
    return this.#own.values().next().value?.key.shape[2] ?? 0;
  }

  /** Bytes of all that it has room for. */
  get bytes(): number {
    return [...this.#own.values(), ...this.#ofSource.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Forgets everything, and keeps the room. */
  restart(): void {
    for (const kept of [...this.#own.values(), ...this.#ofSource.values()]) kept.empty();
    this.#sources = undefined;
  }

  dispose(): void {
    this.#turn.dispose();
    for (const kept of [...this.#own.values(), ...this.#ofSource.values()]) kept.dispose();
    this.#own.clear();
    this.#ofSource.clear();
  }

  /** Returns whether sequences that change places have other sources there. */
  #moveSources(rows: Int32Array): boolean {
    const before = this.#sources;
    const sourceOf = (row: number): number => before?.[row] ?? row;
    this.#sources = Array.from(rows, sourceOf);
    return this.#sources.some((source, n) => source !== sourceOf(n));
  }
}
