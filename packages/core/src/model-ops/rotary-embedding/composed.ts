import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { ComposedModelOp } from '../define.js';
import { runModelOp } from '../run.js';
import { rotaryEmbeddingSpec, type RotaryAttributes, type RotaryLayout } from './spec.js';

/** The gradient is the transpose, which turns back: the op itself, so that a kernel has one pass. */
export const composedRotaryEmbedding: ComposedModelOp<typeof rotaryEmbeddingSpec> = {
  forward({ x, cos, sin }, attributes) {
    const [turning, ...still] = tf.split(x, widthsOf(x, cos), 3);
    const time = x.shape[2]!;
    const turned = TURNS[attributes.layout](turning as Tensor4D, {
      cos: rowsOf(cos, time, attributes),
      sin: attributes.direction === 1 ? rowsOf(sin, time, attributes) : tf.neg(rowsOf(sin, time, attributes)),
    });
    return { y: still.length === 0 ? turned : tf.concat([turned, ...still], 3) };
  },

  backward({ cos, sin, dY }, attributes) {
    const back = { ...attributes, direction: attributes.direction === 1 ? -1 : 1 } as const;
    return { dX: runModelOp(rotaryEmbeddingSpec, composedRotaryEmbedding, { x: dY, cos, sin }, back).y };
  },
};

/** How many features turn, and how many stay when some do. */
function widthsOf(x: Tensor, cos: Tensor): number[] {
  const [width, turning] = [x.shape[3]!, 2 * cos.shape[1]!];
  return turning === width ? [width] : [turning, width - turning];
}

/** The rows of a table for each position: [B, T, C], or [1, T, C] where all batch rows have the same. */
function rowsOf(table: Tensor, time: number, { starts, rows }: RotaryAttributes): Tensor {
  const [count, pairs] = table.shape as [number, number];
  if (rows === undefined && starts.every((start) => start === starts[0])) {
    const part = time === count ? table : tf.slice(table, [starts[0], 0], [time, pairs]);
    return tf.reshape(part, [1, time, pairs]);
  }
  const all =
    rows ?? Int32Array.from({ length: starts.length * time }, (_, n) => starts[Math.floor(n / time)] + (n % time));
  return tf.reshape(tf.gather(table, tf.tensor1d(all, 'int32')), [starts.length, time, pairs]);
}

interface Angles {
  /** [B or 1, T, C] */
  readonly cos: Tensor;
  readonly sin: Tensor;
}

const TURNS: { readonly [Layout in RotaryLayout]: (x: Tensor4D, angles: Angles) => Tensor } = {
  half(x, { cos, sin }) {
    const [batch, time, pairs] = cos.shape as [number, number, number];
    return turned(x, tf.reshape(cos, [batch, 1, time, pairs]), tf.reshape(sin, [batch, 1, time, pairs]));
  },

  /** Time and pairs share an axis here, so that the two of a pair have one to themselves within rank 4. */
  interleaved(x, { cos, sin }) {
    const [rows, time, pairs] = cos.shape as [number, number, number];
    const [batch, heads] = x.shape;
    const shape = [rows, 1, time * pairs, 1];
    const pairwise = tf.reshape(x, [batch, heads, time * pairs, 2]);
    return tf.reshape(turned(pairwise, tf.reshape(cos, shape), tf.reshape(sin, shape)), x.shape);
  },
};

/** The first half of the last axis against the second: (a, b) → (a·cos − b·sin, a·sin + b·cos). */
function turned(x: Tensor, cos: Tensor, sin: Tensor): Tensor {
  const [a, b] = tf.split(x, 2, 3);
  return tf.concat([tf.sub(tf.mul(a, cos), tf.mul(b, sin)), tf.add(tf.mul(a, sin), tf.mul(b, cos))], 3);
}
