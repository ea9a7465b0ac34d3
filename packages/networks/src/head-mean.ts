import * as tf from '@tensorflow/tfjs-core';

/** Mean of what a layer's heads look at, which a model shows, and copies by. Heads that are left out don't count in it. */
export interface HeadMean {
  /** Weights of all heads [B, H, T, S] → [B, T, S]; 0 when every head is left out. */
  of(weights: tf.Tensor4D): tf.Tensor3D;
  /** Leaves one head out, by its index; to be done before a model computes. */
  leaveOut(head: number): void;
}

export function createHeadMean(): HeadMean {
  const out = new Set<number>();
  return {
    of(weights) {
      if (out.size === 0) return tf.mean(weights, 1);
      const counted = tf.unstack(weights, 1).filter((_, head) => !out.has(head)) as tf.Tensor3D[]; // each [B, T, S]
      const [batch, , queries, keys] = weights.shape;
      if (counted.length === 0) return tf.zeros([batch, queries, keys]);
      return tf.div(tf.addN(counted), counted.length);
    },
    leaveOut: (head) => void out.add(head),
  };
}
