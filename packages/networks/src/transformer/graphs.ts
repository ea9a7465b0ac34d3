import { outputsOf, under, within, type Graph } from '@heed/nn';
import { growing, ofEach, tensorsOf } from '../graphs/caches.js';
import { stepGraph } from '../graphs/step-graph.js';
import type { Decoder } from './decoder.js';
import type { Encoder } from './encoder.js';
import { encodeSources } from './steps.js';

/**
 * The encoder, with keys and values for the attention of each block to the source; and one step of the decoder, by which the keys and values of
 * what was written grow.
 */
export function transformerGraphs(encoder: Encoder, decoder: Decoder): Graph[] {
  const encode: Graph = {
    name: 'encoder',
    inputs: { source: { shape: ['batch', 'source'], dtype: 'int32' } },
    run: ({ source }) => encodeSources(encoder, decoder, source!),
  };
  const caches = under(
    'state',
    growing(() => tensorsOf(decoder.emptyCaches(1))),
  );
  const step = stepGraph({ ...outputsOf(encode), ...caches }, (symbol, given) => {
    const sources = decoder.restoreSources(ofEach(within('memory', given)));
    const written = decoder.restoreCaches(ofEach(within('state', given)));
    const seen = decoder.step(sources, written, symbol, written[0].length);
    return { ...seen, next: tensorsOf(written) };
  });
  return [encode, step];
}
