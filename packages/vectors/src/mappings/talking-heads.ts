import { numberIn, type Mapping } from '../mapping.js';
import { MASKS, checkKnown, mapHeads } from './heads.js';

/** Scores and weights that are mixed across heads. */
export const mapTalkingHeads: Mapping = (test) => {
  checkKnown(test, [...MASKS, 'softmaxHeads', 'valueHeads']);
  const talkingHeads = { softmaxHeads: numberIn(test, 'softmaxHeads'), valueHeads: numberIn(test, 'valueHeads') };
  return mapHeads(test, {
    options: { talkingHeads },
    parameters: ({ logitKernel, weightKernel }) => ({ logit_kernel: logitKernel!, weight_kernel: weightKernel! }),
    outputs: ({ mechanism, query, memory, options }) => ({
      softmax: mechanism.parts(query, memory, options).between['softmax']!,
    }),
  });
};
