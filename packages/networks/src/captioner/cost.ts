import type { Cost, MechanismOptions, Tally } from '@heed/attention';
import type { BatchSizes } from '@heed/nn';
import { addBlockAttention, addFeedForward, addNorm } from '../cost/blocks.js';
import { addMechanism } from '../cost/mechanism-cost.js';
import { ENCODER_DECODER, costsOf, type Parts } from '../cost/parts.js';
import { addDecoder, addOutput, areLooksAtOnce } from '../recurrent/cost.js';
import { addDecoder as addTransformerDecoder } from '../transformer/cost.js';
import { channelsSeen, strideOf, type CaptionerConfig, type RecurrentCaption } from './config.js';
import { FILTER } from './grid.js';
import { recurrentConfigOf, transformerConfigOf } from './decoder.js';

type Tallies = Parts<(typeof ENCODER_DECODER)[number], Tally>;

/** Cost of a captioner under teacher forcing; a source is one picture, or one film. The gradient in the pictures counts, as it is computed. */
export const costOfCaptioner = (
  config: CaptionerConfig,
  sizes: Pick<BatchSizes, 'batch' | 'target'>,
  options: MechanismOptions,
): Parts<(typeof ENCODER_DECODER)[number], Cost> =>
  costsOf(ENCODER_DECODER, (tallies) => {
    const { width, decoder, targetSymbols, languages, frames = 1 } = config;
    const placesOfFrame = (config.size / strideOf(config.encoder)) ** 2;
    const places = frames * placesOfFrame;
    const symbols = targetSymbols.length + 1;
    const targetRows = symbols + languages.length;
    const facts = { batch: sizes.batch, time: sizes.target + 1, source: places, symbols, targetRows };
    tallies.encoder.parameters((placesOfFrame + (frames > 1 ? frames : 0)) * width);
    addNorm(tallies.encoder, width);
    addGrid(tallies, config, { batch: sizes.batch, places });
    if (decoder.kind === 'recurrent') {
      addRecurrent(tallies, config, decoder, facts, options);
      return;
    }
    tallies.embedding.parameters(targetRows * width);
    addTransformerDecoder(tallies, transformerConfigOf(config, decoder), facts);
  });

function addGrid(
  { encoder: tally, attention }: Tallies,
  config: CaptionerConfig,
  { batch, places }: { readonly batch: number; readonly places: number },
): void {
  const { encoder, size, width, frames = 1 } = config;
  const channels = channelsSeen(config);
  const convolve = (inputs: number, filters: number, seen: number): void =>
    void tally.parameters((inputs + 1) * filters).product({ m: batch * seen, k: inputs, n: filters });
  if (encoder.kind === 'convolutional') {
    encoder.filters.forEach((filters, n) => {
      const inputs = FILTER ** 2 * (encoder.filters[n - 1] ?? channels);
      convolve(inputs, filters, frames * (size / 2 ** (n + 1)) ** 2);
    });
    convolve(encoder.filters.at(-1)!, width, places);
    return;
  }
  const { patch, layers, heads, feedForwardWidth } = encoder;
  convolve(patch ** 2 * channels, width, places);
  for (let layer = 0; layer < layers; layer++) {
    addBlockAttention(attention, { width, heads }, { batch, queries: places, keys: places });
    addFeedForward(tally, { width, feedForwardWidth }, { places: batch * places, activation: 'relu' });
  }
}

interface Facts {
  readonly batch: number;
  readonly time: number;
  readonly source: number;
  readonly symbols: number;
  readonly targetRows: number;
}

function addRecurrent(
  { embedding, attention, decoder: tally, output }: Tallies,
  config: CaptionerConfig,
  decoder: RecurrentCaption,
  { batch, time: steps, source: keys, symbols, targetRows }: Facts,
  options: MechanismOptions,
): void {
  const { architecture, units, embeddingWidth } = decoder;
  const looksAtOnce = areLooksAtOnce({ architecture, inputFeeding: false, attention: decoder.attention }, options);
  const [queries, calls] = looksAtOnce ? [steps, 1] : [1, steps];
  embedding.parameters(targetRows * embeddingWidth);
  const place = { queryWidth: units, memoryWidth: config.width };
  const contextWidth = addMechanism(attention, decoder.attention, place, { batch, keys, queries, calls }, options);
  if (decoder.gate) {
    attention
      .parameters(units + 1)
      .product({ m: batch * queries, k: units, n: 1 }, calls)
      .functions(batch * steps);
  }
  const facts = {
    config: { ...recurrentConfigOf(config, decoder), architecture },
    batch,
    steps,
    symbols,
    targetRows,
    looksAtOnce,
    directions: 1,
  };
  addDecoder(tally, facts, contextWidth);
  addOutput(output, facts, contextWidth);
}
