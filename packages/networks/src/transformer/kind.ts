import { parseConfig, type Network, type Pair } from '@heed/nn';
import type { Example } from '@heed/metrics';
import { evaluate } from '../evaluate.js';
import { transformerSchema, type TransformerConfig } from './config.js';
import { createTransformer, type Transformer } from './transformer.js';

/** Encoder–decoders of attention alone, trained and judged as recurrent ones are. */
export const transformer: Network<TransformerConfig, Transformer, Example, Pair> = {
  kind: 'transformer',
  parse: (value) => parseConfig('transformer model', transformerSchema, value) as TransformerConfig,
  create: createTransformer,
  items: ({ source, targets }) => targets.map((target) => ({ source, target })),
  lengths: ({ source, target }) => ({ source: source.length, target: target.length }),
  async validate(model, examples) {
    const { tokenErrorRate, sequenceErrorRate } = await evaluate(model, examples);
    return { error: tokenErrorRate, figures: { tokenErrorRate, sequenceErrorRate } };
  },
};
