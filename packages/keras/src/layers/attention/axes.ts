import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';

/**
 * Tensors [B, d..., H, D] of any rank as the [B', H, T, D] of the ops: T is made of the axes that are attended over, B' of the batch and the
 * other axes.
 */
export class AttentionAxes {
  private readonly order: readonly number[];
  private readonly others: readonly number[];

  constructor(
    rank: number,
    private readonly attended: readonly number[],
  ) {
    const heads = rank - 2;
    this.others = Array.from({ length: heads }, (_, axis) => axis).filter((axis) => !attended.includes(axis));
    this.order = [...this.others, heads, ...attended, rank - 1];
  }

  /** [B, d..., H, D] → [B', H, T, D] */
  flatten(x: Tensor): Tensor4D {
    const { others, attended } = this;
    const [heads, width] = x.shape.slice(-2);
    const shape: [number, number, number, number] = [product(at(x, others)), heads, product(at(x, attended)), width];
    // Some engines stop at transposing nothing.
    return x.size === 0 ? tf.zeros(shape) : tf.reshape(tf.transpose(x, [...this.order]), shape);
  }

  /** [B', H, T, D] → [B, d..., H, D], with the axes d that the query had */
  unflatten(x: Tensor4D, query: Tensor): Tensor {
    const [, heads, , width] = x.shape;
    const spread = [...at(query, this.others), heads, ...at(query, this.attended), width];
    const back = this.order.map((_, axis) => this.order.indexOf(axis));
    if (x.size === 0) return tf.zeros(back.map((axis) => spread[axis]));
    return tf.transpose(tf.reshape(x, spread), back);
  }

  /** Keras's shape of scores: [B, others..., H, Tq..., Tk...], for projected query and key. */
  scoreShape(query: { shape: number[] }, key: { shape: number[] }): number[] {
    return [...at(query, this.others), query.shape.at(-2)!, ...at(query, this.attended), ...at(key, this.attended)];
  }
}

const at = ({ shape }: { shape: number[] }, axes: readonly number[]): number[] => axes.map((axis) => shape[axis]);

const product = (lengths: readonly number[]): number => lengths.reduce((a, b) => a * b, 1);
