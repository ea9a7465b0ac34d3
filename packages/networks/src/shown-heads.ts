import * as tf from '@tensorflow/tfjs-core';

/** Heads of the attention that a model shows, and copies by: of those that are on, the mean. */
export class ShownHeads {
  readonly #off = new Set<number>();

  get off(): ReadonlySet<number> {
    return this.#off;
  }

  /** Takes a head out of the mean; one has to stay. To be done before a model computes. */
  switchOff(head: number): void {
    this.#off.add(head);
  }

  /** The mean of the heads' weights, [B, H, …] → [B, …]. */
  mean(weights: tf.Tensor): tf.Tensor3D {
    if (this.#off.size === 0) return tf.mean(weights, 1);
    const [, heads, ...rest] = weights.shape;
    const on = Array.from({ length: heads! }, (_, head) => head).filter((head) => !this.#off.has(head));
    const parts = on.map((head) => tf.slice(weights, [0, head, ...rest.map(() => 0)], [-1, 1, ...rest.map(() => -1)]));
    return tf.mean(tf.concat(parts, 1), 1);
  }
}
