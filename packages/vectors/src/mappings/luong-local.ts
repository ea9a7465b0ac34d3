import * as tf from '@tensorflow/tfjs-core';
import { numberIn, type Mapping } from '../mapping.js';
import { mapDecoding } from './decoding.js';

export const mapLuongLocalM: Mapping = (test) => {
  const { score, halfWidth } = test.options;
  const first = 'firstStep' in test.options ? numberIn(test, 'firstStep') : 0;
  return mapDecoding(test, {
    config: { kind: 'localM', score, halfWidth },
    options: ['score', 'halfWidth', 'firstStep'],
    start: { step: tf.fill([numberIn(test, 'batch')], first) },
  });
};

export const mapLuongLocalP: Mapping = (test) => {
  const { units, score, halfWidth, renormalise } = test.options;
  return mapDecoding(test, {
    config: { kind: 'localP', units, score, halfWidth, renormalize: renormalise },
    options: ['score', 'halfWidth', 'renormalise'],
    more: { centre: ({ between: { centre } }) => tf.squeeze(centre!, [2]) },
  });
};
