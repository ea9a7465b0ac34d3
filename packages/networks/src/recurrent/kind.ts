import { parseConfig, type Network } from '@heed/nn';
import type { Example } from '@heed/metrics';
import { evaluate } from '../evaluate.js';
import { seq2seqSchema, type Seq2SeqConfig } from './config.js';
import { createSeq2Seq, type Pair, type Seq2Seq } from './seq2seq.js';

/** Recurrent encoder–decoders: each target of an example is a pair to learn, and the error is that of symbols. */
export const recurrent: Network<Seq2SeqConfig, Seq2Seq, Example, Pair> = {
  kind: 'recurrent',
  parse: (value) => parseConfig('recurrent model', seq2seqSchema, value) as Seq2SeqConfig,
  create: createSeq2Seq,
  items: ({ source, targets }) => targets.map((target) => ({ source, target })),
  lengths: ({ source, target }) => ({ source: source.length, target: target.length }),
  async validate(model, examples) {
    const { tokenErrorRate, sequenceErrorRate } = await evaluate(model, examples);
    return { error: tokenErrorRate, figures: { tokenErrorRate, sequenceErrorRate } };
  },
};
