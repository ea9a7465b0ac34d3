import type { Mapping } from '../mapping.js';
import { MASKS, checkKnown, mapHeads } from './heads.js';

/** A learned logit of each head that takes weight and has no value. */
export const mapSinkLogit: Mapping = (test) => {
  checkKnown(test, [...MASKS]);
  return mapHeads(test, {
    options: { sinks: true },
    parameters: ({ sinks }) => ({ sinks: sinks! }),
    outputs: ({ mechanism, query, memory, options }) => ({
      sinkWeight: mechanism.parts(query, memory, options).between['sinks']!,
    }),
  });
};
