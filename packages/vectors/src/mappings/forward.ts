import type { Mapping } from '../mapping.js';
import { hasBias, mapDecoding } from './decoding.js';

export const mapForward: Mapping = (test) => {
  const { units, agent, agentUnits, outputWidth } = test.options;
  return mapDecoding(test, {
    config: { kind: 'forward', units, bias: hasBias(test), agent, agentUnits, outputWidth },
    options: ['agent', 'agentUnits', 'outputWidth'],
    states: ['previous'],
    eachStep: agent === true ? ['transition'] : [],
    ...('in/output' in test.tensors && { besideQuery: 'output' }),
  });
};
