import type { Mapping } from '../mapping.js';
import { hasBias, mapDecoding } from './decoding.js';

export const mapLocationSensitive: Mapping = (test) => {
  const { units, source, filterSize, filters, normalise = 'softmax' } = test.options;
  return mapDecoding(test, {
    config: {
      kind: 'locationSensitive',
      units,
      bias: hasBias(test),
      source,
      filterSize,
      filters,
      normalizer: normalise,
    },
    options: ['source', 'filterSize', 'filters', 'normalise'],
    states: ['previous', 'cumulative'],
  });
};
