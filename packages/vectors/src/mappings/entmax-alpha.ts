import { entmax, padding, weightedContext } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { cannot, type Mapping } from '../mapping.js';
import { checkKnown } from './heads.js';

/** α-entmax of given scores, with an α for each head. */
export const mapEntmaxAlpha: Mapping = (test) => {
  checkKnown(test, ['learned']);
  const { learned } = test.options;
  if (learned !== undefined && learned !== 'sigmoid') cannot(test, `options.learned is ${JSON.stringify(learned)}`);
  return {
    run({ scores, value, lengths }, { alpha, alphaRaw }) {
      const used = learned === undefined ? tf.clone(alpha!) : tf.add(1, tf.sigmoid(alphaRaw!));
      const mask = lengths === undefined ? undefined : padding(lengths);
      return {
        ...weightedContext(scores!, value!, { normalizer: entmax(used), mask, returnWeights: true }),
        alphaUsed: used,
      };
    },
    path: 'composed',
    reasons: ["backends don't take the normalizer 'entmax'"],
  };
};
