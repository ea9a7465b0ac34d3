import type { Mapping } from '../mapping.js';
import { numberIn } from '../mapping.js';
import { MASKS, checkKnown, mapHeads, wordIn } from './heads.js';

/** Queries and keys that are normalised before they are compared. */
export const mapQkNorm: Mapping = (test) => {
  checkKnown(test, [...MASKS, 'kind', 'eps']);
  const qkNorm = wordIn(test, 'kind', ['head', 'full', 'l2']);
  if (qkNorm === 'l2') {
    return mapHeads(test, { options: { qkNorm }, parameters: ({ scale }) => ({ norm_scale: scale! }) });
  }
  return mapHeads(test, {
    options: { qkNorm, qkNormEpsilon: numberIn(test, 'eps') },
    parameters: ({ queryGain, keyGain }) => ({ query_gain: queryGain!, key_gain: keyGain! }),
  });
};
