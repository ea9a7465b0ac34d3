import type { Cost, Tally } from '@heed/attention';
import type { BatchSizes } from '@heed/nn';
import { addFeedForward, addNorm } from '../cost/blocks.js';
import { addInput, addSteps } from '../cost/cells.js';
import { addMechanism } from '../cost/mechanism-cost.js';
import { LANGUAGE_MODEL, costsOf, type Parts } from '../cost/parts.js';
import { blockAttention } from './block-attention.js';
import type { LanguageConfig, LstmLanguageConfig, TransformerLanguageConfig } from './config.js';

type Part = (typeof LANGUAGE_MODEL)[number];

/** B texts of T places: symbols, and the end where it is predicted. */
interface Texts {
  readonly batch: number;
  readonly time: number;
  /** V, with the boundary. */
  readonly symbols: number;
}

/**
 * Cost of a language model for texts without context that end (target = source + 1) or don't (target = source). Attention is
 * counted without its window, which saves kernels the blocks that are masked as a whole.
 */
export const costOfLanguage = (config: LanguageConfig, { source, target, batch }: BatchSizes): Parts<Part, Cost> =>
  costsOf(LANGUAGE_MODEL, (parts) => {
    const texts = { batch, time: Math.max(source, target), symbols: config.symbols.length + 1 };
    if (config.architecture === 'transformer') addTransformer(parts, config, texts);
    else addLstm(parts, config, texts);
  });

function addTransformer(
  { embedding, layers, attention, output }: Parts<Part, Tally>,
  config: TransformerLanguageConfig,
  { batch, time, symbols }: Texts,
): void {
  const { width } = config;
  const places = batch * time;
  embedding.parameters(symbols * width);
  for (let layer = 0; layer < config.layers; layer++) {
    addNorm(attention, width);
    const place = { queryWidth: width, memoryWidth: width };
    addMechanism(attention, blockAttention(config), place, { batch, queries: time, keys: time, calls: 1 });
    addFeedForward(layers, config, { places, activation: 'squaredRelu' });
  }
  addNorm(output, width).parameters(config.tiedEmbeddings ? 0 : width * symbols);
  output.product({ m: places, k: width, n: symbols }).functions(places * symbols);
}

function addLstm(
  { embedding, layers, attention, output }: Parts<Part, Tally>,
  config: LstmLanguageConfig,
  { batch, time, symbols }: Texts,
): void {
  const { embeddingWidth, units, outputUnits } = config;
  const cell = { kind: 'lstm', units } as const;
  const places = batch * time;
  embedding.parameters(symbols * embeddingWidth);
  for (let layer = 0; layer < config.layers; layer++) {
    // Symbols are projected once each, before they are looked up.
    addInput(layers, cell, layer === 0 ? { width: embeddingWidth, rows: symbols } : { width: units, rows: places });
    addSteps(layers, cell, { batch, steps: time });
  }
  const widths = [units];
  if (config.attention.kind !== 'none') {
    const place = { queryWidth: units, memoryWidth: units };
    widths.push(addMechanism(attention, config.attention, place, { batch, queries: time, keys: time, calls: 1 }));
  }
  for (const k of widths) output.parameters(k * outputUnits).product({ m: places, k, n: outputUnits });
  output.parameters(outputUnits).functions(places * outputUnits);
  output.parameters((outputUnits + 1) * symbols).product({ m: places, k: outputUnits, n: symbols });
  output.functions(places * symbols);
}
