import { numberIn, type Mapping, type NamedTensors } from '../mapping.js';
import { checkKnown, flagIn, mapHeads } from './heads.js';

/** Heads, or queries, that learn how far they look. */
export const mapAdaptiveSpan: Mapping = (test) => {
  checkKnown(test, ['ramp', 'maxSpan', 'lossWeight', 'includeSelf', 'dynamic', 'causal']);
  const dynamic = flagIn(test, 'dynamic');
  const span = {
    max: numberIn(test, 'maxSpan'),
    ramp: numberIn(test, 'ramp'),
    lossWeight: numberIn(test, 'lossWeight'),
    includeSelf: !('includeSelf' in test.options) || flagIn(test, 'includeSelf'),
    dynamic,
  };
  return mapHeads(test, {
    options: { span },
    parameters({ span: spans, spanKernel, spanBias }, place): NamedTensors {
      return dynamic ? { span_kernel: place(spanKernel!), span_bias: spanBias! } : { span: spans! };
    },
    outputs: ({ mechanism, query }) => ({ spanLoss: mechanism.loss(query) }),
  });
};
