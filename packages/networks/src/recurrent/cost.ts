import { findDefinition, type Cost, type MechanismOptions, type Tally } from '@heed/attention';
import type { BatchSizes } from '@heed/nn';
import { CELL_SIZES, addInput, addLoopInput, addSteps, rowsOf } from '../cost/cells.js';
import { addCopying } from '../cost/copying.js';
import { addMechanism } from '../cost/mechanism-cost.js';
import { ENCODER_DECODER, costsOf, type Parts } from '../cost/parts.js';
import type { Seq2SeqConfig } from './config.js';
import type { DecoderConfig } from './decoder.js';

/** What the formulas of a decoder and of its output need. */
export interface DecoderFacts {
  readonly config: DecoderConfig & Pick<Seq2SeqConfig, 'architecture'>;
  readonly batch: number;
  /** Steps of the decoder: the symbols of the target and its end. */
  readonly steps: number;
  /** V, symbols that can be written. */
  readonly symbols: number;
  /** Rows of the table of vectors. */
  readonly targetRows: number;
  /** Last states of the encoder. */
  readonly directions: number;
  /** Whether all steps look at once: Luong's states don't wait for what is seen, unless it is fed to them or kept. */
  readonly looksAtOnce: boolean;
}

/** What the formulas of all parts need. */
interface Facts extends DecoderFacts, BatchSizes {
  readonly config: Seq2SeqConfig;
  readonly sourceRows: number;
}

/** Cost of a recurrent encoder–decoder under teacher forcing. */
export const costOfRecurrent = (
  config: Seq2SeqConfig,
  sizes: BatchSizes,
  options: MechanismOptions,
): Parts<(typeof ENCODER_DECODER)[number], Cost> =>
  costsOf(ENCODER_DECODER, ({ embedding, encoder, attention, decoder, output }) => {
    const facts = factsOf(config, sizes, options);
    const { batch, source, steps, directions, looksAtOnce } = facts;
    embedding.parameters((facts.sourceRows + facts.targetRows) * config.embeddingWidth);
    addEncoder(encoder, facts);
    const contextWidth = addMechanism(
      attention,
      config.attention,
      { queryWidth: config.decoderUnits, memoryWidth: directions * config.encoderUnits },
      { batch, keys: source, queries: looksAtOnce ? steps : 1, calls: looksAtOnce ? 1 : steps },
      options,
    );
    addDecoder(decoder, facts, contextWidth);
    addOutput(output, facts, contextWidth);
  });

/** Whether a decoder's steps all look at once. */
export function areLooksAtOnce(
  { architecture, inputFeeding, attention }: Pick<Seq2SeqConfig, 'architecture' | 'inputFeeding' | 'attention'>,
  { mechanisms }: MechanismOptions,
): boolean {
  const keepsState = findDefinition(attention.kind, mechanisms)?.state !== undefined;
  return architecture === 'luong' && !inputFeeding && !keepsState;
}

function factsOf(config: Seq2SeqConfig, sizes: BatchSizes, options: MechanismOptions): Facts {
  const unknown = config.copying ? 1 : 0;
  const symbols = config.targetSymbols.length + 1;
  return {
    ...sizes,
    config,
    steps: sizes.target + 1,
    symbols,
    sourceRows: config.sourceSymbols.length + 1 + unknown,
    targetRows: symbols + unknown,
    directions: config.bidirectional ? 2 : 1,
    looksAtOnce: areLooksAtOnce(config, options),
  };
}

function addEncoder(tally: Tally, { config, batch, source, sourceRows, directions }: Facts): void {
  const { embeddingWidth, encoderUnits } = config;
  const cell = { kind: config.cell, units: encoderUnits };
  const places = batch * source;
  for (let layer = 0; layer < config.encoderLayers; layer++) {
    const input =
      layer === 0
        ? { width: embeddingWidth, rows: rowsOf(sourceRows, places) }
        : { width: directions * encoderUnits, rows: places };
    for (let direction = 0; direction < directions; direction++) {
      addInput(tally, cell, input);
      addSteps(tally, cell, { batch, steps: source });
    }
  }
}

export function addDecoder(
  tally: Tally,
  { config, batch, steps, targetRows, directions }: DecoderFacts,
  contextWidth: number,
): void {
  const { embeddingWidth, encoderUnits, decoderUnits, outputUnits, inputFeeding } = config;
  const cell = { kind: config.cell, units: decoderUnits };
  const isLuong = config.architecture === 'luong';
  // From the encoder's last states to the first one here.
  const stateWidth = CELL_SIZES[config.cell].state * decoderUnits;
  const bridges = isLuong ? directions : 1;
  tally.parameters((bridges * encoderUnits + 1) * stateWidth);
  tally.product({ m: batch, k: encoderUnits, n: stateWidth }, bridges).functions(batch * stateWidth);

  addInput(tally, cell, { width: embeddingWidth, rows: rowsOf(targetRows, batch * steps) });
  const fed = isLuong ? (inputFeeding ? outputUnits : 0) : contextWidth;
  if (fed > 0) addLoopInput(tally, cell, { width: fed, batch, steps });
  addSteps(tally, cell, { batch, steps });
}

export function addOutput(
  tally: Tally,
  { config, batch, steps, symbols, targetRows, looksAtOnce }: DecoderFacts,
  contextWidth: number,
): void {
  const { embeddingWidth, decoderUnits, outputUnits } = config;
  const isLuong = config.architecture === 'luong';
  const places = batch * steps;
  const rows = rowsOf(targetRows, places);
  const hidden = config.output === 'maxout' ? 2 * outputUnits : outputUnits;
  if (!isLuong) tally.parameters(embeddingWidth * hidden).product({ m: rows, k: embeddingWidth, n: hidden });
  for (const k of [decoderUnits, contextWidth]) {
    tally.parameters(k * hidden);
    if (isLuong && !looksAtOnce) tally.loop({ m: batch, k, n: hidden }, steps);
    else tally.product({ m: places, k, n: hidden });
  }
  tally.parameters(hidden).functions(config.output === 'tanh' ? places * hidden : 0);
  tally.parameters((outputUnits + 1) * symbols).product({ m: places, k: outputUnits, n: symbols });
  tally.functions(places * symbols);
  if (config.copying) addCopying(tally, { rows, places, embeddingWidth, stateWidth: decoderUnits, contextWidth });
}
