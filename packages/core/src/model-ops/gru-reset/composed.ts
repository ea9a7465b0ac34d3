import * as tf from '@tensorflow/tfjs-core';
import type { ComposedModelOp } from '../define.js';
import { groups, slopeOfSigmoid } from '../gates.js';
import type { gruResetSpec } from './spec.js';

export const composedGruReset: ComposedModelOp<typeof gruResetSpec> = {
  forward({ terms, state }) {
    const gates = tf.sigmoid(tf.addN([...terms]));
    const [r, z] = groups(gates, 2);
    return { opened: tf.concat([tf.mul(r, state), z], 1), gates };
  },

  backward({ state, gates, dOpened }) {
    const [r] = groups(gates, 2);
    const [dReset, dUpdate] = groups(dOpened, 2);
    const dGates = tf.concat([tf.mul(dReset, state), dUpdate], 1);
    return { dTerms: tf.mul(dGates, slopeOfSigmoid(gates)), dState: tf.mul(dReset, r) };
  },
};
