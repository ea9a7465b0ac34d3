import { findDefinition, type MechanismOptions, type Tally } from '@heed/attention';
import { LARGE_ALPHABET, type CellKind } from '@heed/nn';
import type { Seq2SeqConfig } from '../recurrent/config.js';
import type { ModelProblem, Parts } from './model-parts.js';
import { addMechanism } from './mechanism-cost.js';

/** What a cell has of each unit: columns of its kernels, numbers of its state, functions of a step. */
const CELLS: Readonly<Record<CellKind, { columns: number; state: number; functions: number }>> = {
  lstm: { columns: 4, state: 2, functions: 5 },
  gru: { columns: 3, state: 1, functions: 3 },
};

/** Kernels of the products with the state, [H, columns]: a GRU has its candidate's apart. */
const recurrentKernels = (kind: CellKind, units: number): readonly number[] =>
  kind === 'lstm' ? [4 * units] : [2 * units, units];

/** A model of kind 'recurrent' under teacher forcing. */
export function addRecurrent(
  parts: Parts<Tally>,
  config: Seq2SeqConfig,
  { source, target, batch }: ModelProblem,
  options: MechanismOptions,
): void {
  const { embeddingWidth, encoderUnits, decoderUnits, outputUnits, cell } = config;
  const [unknown, directions] = [config.copying ? 1 : 0, config.bidirectional ? 2 : 1];
  const symbols = config.targetSymbols.length + 1;
  const [sourceRows, targetRows] = [config.sourceSymbols.length + 1 + unknown, symbols + unknown];
  const memoryWidth = directions * encoderUnits;
  const places = (target + 1) * batch;
  const isLuong = config.architecture === 'luong';
  parts.embedding.parameters((sourceRows + targetRows) * embeddingWidth);

  for (let layer = 0; layer < config.encoderLayers; layer++) {
    const input = layer === 0 ? embeddingWidth : memoryWidth;
    const rows = layer === 0 ? rowsOf(sourceRows, source * batch) : source * batch;
    for (let direction = 0; direction < directions; direction++) {
      addInput(parts.encoder, cell, encoderUnits, { width: input, rows });
      addSteps(parts.encoder, cell, encoderUnits, { batch, steps: source });
    }
  }

  // Without input feeding, Luong's states don't wait for what is seen, so all steps look at once.
  const keepsState = findDefinition(config.attention.kind, options.mechanisms)?.state !== undefined;
  const atOnce = isLuong && !config.inputFeeding && !keepsState;
  const contextWidth = addMechanism(
    parts.attention,
    config.attention,
    { queryWidth: decoderUnits, memoryWidth },
    { batch, keys: source, queries: atOnce ? target + 1 : 1, calls: atOnce ? 1 : target + 1 },
    options,
  );

  const rows = rowsOf(targetRows, places);
  const { state } = CELLS[cell];
  const bridges = isLuong ? directions : 1;
  parts.decoder.parameters((bridges * encoderUnits + 1) * state * decoderUnits);
  parts.decoder.product({ m: batch, k: encoderUnits, n: state * decoderUnits }, bridges);
  parts.decoder.functions(batch * state * decoderUnits);
  addInput(parts.decoder, cell, decoderUnits, { width: embeddingWidth, rows });
  const fed = isLuong ? (config.inputFeeding ? outputUnits : 0) : contextWidth;
  if (fed > 0) addLoopInput(parts.decoder, cell, decoderUnits, { width: fed, batch, steps: target + 1 });
  addSteps(parts.decoder, cell, decoderUnits, { batch, steps: target + 1 });

  const hidden = config.output === 'maxout' ? 2 * outputUnits : outputUnits;
  const { output } = parts;
  if (!isLuong) output.parameters(embeddingWidth * hidden).product({ m: rows, k: embeddingWidth, n: hidden });
  for (const k of [decoderUnits, contextWidth]) {
    output.parameters(k * hidden);
    if (isLuong && !atOnce) output.loop({ m: batch, k, n: hidden }, target + 1);
    else output.product({ m: places, k, n: hidden });
  }
  output.parameters(hidden).functions(config.output === 'tanh' ? places * hidden : 0);
  output.parameters((outputUnits + 1) * symbols).product({ m: places, k: outputUnits, n: symbols });
  output.functions(places * symbols);
  if (config.copying) addCopying(output, { rows, places, embeddingWidth, stateWidth: decoderUnits, contextWidth });
}

/** The copy gate: a number for each place, from symbol, state and context. */
export function addCopying(
  tally: Tally,
  use: { rows: number; places: number; embeddingWidth: number; stateWidth: number; contextWidth: number },
): void {
  const { rows, places, embeddingWidth, stateWidth, contextWidth } = use;
  tally.parameters(embeddingWidth + stateWidth + contextWidth + 1).functions(places);
  tally.product({ m: rows, k: embeddingWidth, n: 1 });
  for (const k of [stateWidth, contextWidth]) tally.product({ m: places, k, n: 1 });
}

/** A small alphabet is multiplied before it is looked up. */
export const rowsOf = (symbols: number, places: number): number => (symbols > LARGE_ALPHABET ? places : symbols);

/** The products of a cell with all of its inputs at once, and its biases. */
function addInput(tally: Tally, cell: CellKind, units: number, { width, rows }: { width: number; rows: number }): void {
  tally.parameters((width + 1) * CELLS[cell].columns * units);
  for (const n of recurrentKernels(cell, units)) tally.product({ m: rows, k: width, n });
}

/** The products of a cell with an input that comes step by step. */
function addLoopInput(
  tally: Tally,
  cell: CellKind,
  units: number,
  { width, batch, steps }: { width: number; batch: number; steps: number },
): void {
  tally.parameters(width * CELLS[cell].columns * units);
  for (const n of recurrentKernels(cell, units)) tally.loop({ m: batch, k: width, n }, steps);
}

/** The steps of a cell without its inputs. */
function addSteps(
  tally: Tally,
  cell: CellKind,
  units: number,
  { batch, steps }: { batch: number; steps: number },
): void {
  tally.parameters(units * CELLS[cell].columns * units).functions(steps * batch * units * CELLS[cell].functions);
  for (const n of recurrentKernels(cell, units)) tally.loop({ m: batch, k: units, n }, steps);
}
