import type { MechanismOptions } from '@heed/attention';
import type { Example } from '@heed/metrics';
import type { Network } from '@heed/nn';
import { evaluate } from '../evaluate.js';
import { pairItems } from '../pair-items.js';
import { openTo } from '../with-mechanisms.js';
import { parseSeq2Seq, type Seq2SeqConfig } from './config.js';
import { costOfRecurrent } from './cost.js';
import { FORMER_KEYS } from './former.js';
import { createSeq2Seq, type Pair, type Seq2Seq } from './seq2seq.js';

/**
 * Recurrent encoder–decoders: each target of an example is a pair to learn, and the error is that of symbols.
 *
 * @param options the mechanisms that their attention may be
 */
export const recurrentOf = (options: MechanismOptions): Network<Seq2SeqConfig, Seq2Seq, Example, Pair> =>
  openTo(networkOf(options), options, (mechanisms) => networkOf({ mechanisms }));

const networkOf = (options: MechanismOptions): Network<Seq2SeqConfig, Seq2Seq, Example, Pair> => ({
  kind: 'recurrent',
  parse: (value) => parseSeq2Seq('recurrent model', value),
  create: (config, given) => createSeq2Seq(config, given, options),
  cost: (config, sizes) => costOfRecurrent(config, sizes, options),
  formerKeys: FORMER_KEYS,
  items: pairItems,
  lengths: ({ source, target }) => ({ source: source.length, target: target.length }),
  async validate(model, examples) {
    const { tokenErrorRate, sequenceErrorRate } = await evaluate(model, examples);
    return { error: tokenErrorRate, figures: { tokenErrorRate, sequenceErrorRate } };
  },
});

/** Recurrent encoder–decoders with the mechanisms of `@heed/attention`. */
export const recurrent = recurrentOf({});
