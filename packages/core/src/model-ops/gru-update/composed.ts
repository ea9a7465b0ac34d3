import * as tf from '@tensorflow/tfjs-core';
import { whereActive } from '../active-rows.js';
import type { ComposedModelOp } from '../define.js';
import { groups, slopeOfTanh } from '../gates.js';
import type { gruUpdateSpec } from './spec.js';

export const composedGruUpdate: ComposedModelOp<typeof gruUpdateSpec> = {
  forward({ terms, opened, state }, attributes) {
    const [, z] = groups(opened, 2);
    const candidate = tf.tanh(tf.addN([...terms]));
    const next = tf.add(state, tf.mul(z, tf.sub(candidate, state)));
    return { next: whereActive(attributes, next, state), candidate };
  },

  backward({ opened, state, candidate, dNext }, attributes) {
    const [, z] = groups(opened, 2);
    const none = tf.zerosLike(dNext);
    const dTerms = tf.mul(tf.mul(dNext, z), slopeOfTanh(candidate));
    const dUpdate = tf.mul(dNext, tf.sub(candidate, state));
    return {
      dTerms: whereActive(attributes, dTerms, none),
      dOpened: tf.concat([none, whereActive(attributes, dUpdate, none)], 1),
      dState: whereActive(attributes, tf.mul(dNext, tf.sub(1, z)), dNext),
    };
  },
};
