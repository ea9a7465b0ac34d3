import type { Cost, Tally } from '@heed/attention';
import type { BatchSizes } from '@heed/nn';
import { addBlockAttention, addFeedForward, addNorm } from '../cost/blocks.js';
import { rowsOf } from '../cost/cells.js';
import { addCopying } from '../cost/copying.js';
import { ENCODER_DECODER, costsOf, type Parts } from '../cost/parts.js';
import type { TransformerConfig } from './config.js';
import type { DecoderConfig } from './decoder.js';

/** Cost of a transformer under teacher forcing. 'attention' is all of it: of both sides to themselves, and across. */
export const costOfTransformer = (
  config: TransformerConfig,
  { source, target, batch }: BatchSizes,
): Parts<(typeof ENCODER_DECODER)[number], Cost> =>
  costsOf(ENCODER_DECODER, ({ embedding, encoder, attention, decoder, output }) => {
    const { width } = config;
    const unknown = config.copying ? 1 : 0;
    const symbols = config.targetSymbols.length + 1;
    const targetRows = symbols + unknown;
    const time = target + 1;
    embedding.parameters((config.sourceSymbols.length + 1 + unknown + targetRows) * width);

    for (let layer = 0; layer < config.encoderLayers; layer++) {
      addBlockAttention(attention, config, { batch, queries: source, keys: source });
      addFeedForward(encoder, config, { places: source * batch, activation: 'relu' });
    }
    addNorm(encoder, width);
    addDecoder({ attention, decoder, output }, config, { batch, source, time, symbols, targetRows });
  });

interface DecoderSizes {
  readonly batch: number;
  /** Positions that are attended to. */
  readonly source: number;
  /** Places of the output, with the end. */
  readonly time: number;
  /** V */
  readonly symbols: number;
  /** Rows of the table of vectors. */
  readonly targetRows: number;
}

/** Adds a decoder's blocks, their attention and the output. */
export function addDecoder(
  { attention, decoder, output }: Parts<'attention' | 'decoder' | 'output', Tally>,
  config: DecoderConfig,
  { batch, source, time, symbols, targetRows }: DecoderSizes,
): void {
  const { width } = config;
  for (let layer = 0; layer < config.decoderLayers; layer++) {
    addBlockAttention(attention, config, { batch, queries: time, keys: time });
    addBlockAttention(attention, config, { batch, queries: time, keys: source });
    addFeedForward(decoder, config, { places: time * batch, activation: 'relu' });
  }
  addNorm(decoder, width);

  output.parameters(symbols, config.tiedEmbeddings ? 0 : width * symbols);
  output.product({ m: time * batch, k: width, n: symbols }).functions(time * batch * symbols);
  if (config.copying) {
    const places = time * batch;
    const widths = { embeddingWidth: width, stateWidth: width, contextWidth: width };
    addCopying(output, { rows: rowsOf(targetRows, places), places, ...widths });
  }
}
