import type { Mapping } from '../mapping.js';
import { mapDecoding } from './decoding.js';

export const mapGmm: Mapping = (test) => {
  const { units, version, components, origin } = test.options;
  return mapDecoding(test, {
    config: { kind: 'gmm', units, version, components, origin },
    options: ['version', 'components', 'origin'],
    eachStep: ['mu'],
  });
};
