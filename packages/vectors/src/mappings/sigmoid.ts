import { cannot, type Mapping } from '../mapping.js';
import { MASKS, checkKnown, mapHeads } from './heads.js';

/** Weights that don't know of each other. What the bias is before training is in its numbers already. */
export const mapSigmoid: Mapping = (test) => {
  checkKnown(test, [...MASKS, 'biasIs']);
  const { biasIs } = test.options;
  if (biasIs !== undefined && biasIs !== '-log keys') cannot(test, `options.biasIs is ${JSON.stringify(biasIs)}`);
  return mapHeads(test, {
    options: { normalizer: 'sigmoid' },
    parameters: ({ bias }) => ({ sigmoid_bias: bias! }),
  });
};
