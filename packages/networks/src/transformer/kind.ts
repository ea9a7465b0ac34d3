import type { Network, Pair } from '@heed/nn';
import type { Example } from '@heed/metrics';
import { evaluate } from '../evaluate.js';
import { pairItems } from '../pair-items.js';
import { parseTransformer, type TransformerConfig } from './config.js';
import { costOfTransformer } from './cost.js';
import { createTransformer, type Transformer } from './transformer.js';

/** Encoder–decoders of attention alone, trained and judged as recurrent ones are. */
export const transformer: Network<TransformerConfig, Transformer, Example, Pair> = {
  kind: 'transformer',
  parse: (value) => parseTransformer('transformer model', value),
  create: createTransformer,
  cost: costOfTransformer,
  items: pairItems,
  lengths: ({ source, target }) => ({ source: source.length, target: target.length }),
  async validate(model, examples) {
    const { tokenErrorRate, sequenceErrorRate } = await evaluate(model, examples);
    return { error: tokenErrorRate, figures: { tokenErrorRate, sequenceErrorRate } };
  },
};
