import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ComposedModelOp } from '../define.js';
import { slopeOfSigmoid } from '../gates.js';
import type { swishSpec } from './spec.js';

const scaled = (x: Tensor, beta: number): Tensor => (beta === 1 ? x : tf.mul(x, beta));

export const composedSwish: ComposedModelOp<typeof swishSpec> = {
  forward: ({ x }, { beta }) => ({ y: tf.mul(x, tf.sigmoid(scaled(x, beta))) }),
  backward({ x, dY }, { beta }) {
    const inner = scaled(x, beta);
    const gate = tf.sigmoid(inner);
    return { dX: tf.mul(dY, tf.add(gate, tf.mul(inner, slopeOfSigmoid(gate)))) };
  },
};
