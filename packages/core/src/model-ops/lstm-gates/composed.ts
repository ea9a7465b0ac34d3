import * as tf from '@tensorflow/tfjs-core';
import { whereActive } from '../active-rows.js';
import type { ComposedModelOp } from '../define.js';
import { groups, slopeOfSigmoid, slopeOfTanh } from '../gates.js';
import type { lstmGatesSpec } from './spec.js';

export const composedLstmGates: ComposedModelOp<typeof lstmGatesSpec> = {
  forward({ terms, state }, attributes) {
    const [inputs, forgets, candidates, outputs] = groups(tf.addN([...terms]), 4);
    const [, c] = groups(state, 2);
    const [i, f, o] = [inputs, forgets, outputs].map((gate) => tf.sigmoid(gate));
    const g = tf.tanh(candidates);
    const cell = tf.add(tf.mul(f, c), tf.mul(i, g));
    const squashed = tf.tanh(cell);
    const next = tf.concat([tf.mul(o, squashed), cell], 1);
    return { next: whereActive(attributes, next, state), gates: tf.concat([i, f, g, o, squashed], 1) };
  },

  backward({ state, gates, dNext }, attributes) {
    const [i, f, g, o, squashed] = groups(gates, 5);
    const [, c] = groups(state, 2);
    const [dh, dCellDirectly] = groups(dNext, 2);
    const dCell = tf.add(dCellDirectly, tf.mul(tf.mul(dh, o), slopeOfTanh(squashed)));
    const dTerms = tf.concat(
      [
        tf.mul(tf.mul(dCell, g), slopeOfSigmoid(i)),
        tf.mul(tf.mul(dCell, c), slopeOfSigmoid(f)),
        tf.mul(tf.mul(dCell, i), slopeOfTanh(g)),
        tf.mul(tf.mul(dh, squashed), slopeOfSigmoid(o)),
      ],
      1,
    );
    const dState = tf.concat([tf.zerosLike(dh), tf.mul(dCell, f)], 1);
    return {
      dTerms: whereActive(attributes, dTerms, tf.zerosLike(dTerms)),
      dState: whereActive(attributes, dState, dNext),
    };
  },
};
