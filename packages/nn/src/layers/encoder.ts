import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import { eachStep, positionAt, toPositions, toSteps, type Direction, type Ids } from '@heed/core/model-ops';
import type { PaddedIds, Sequences } from './batch.js';
import { createCell, type Cell, type CellKind } from './cell.js';
import { embed } from './embed.js';
import type { Parameters } from './parameters.js';
import { createInputKernels, projectWithBias, type InputKernels } from './projection.js';
import { toEqualPositions, toEqualSteps } from './equal-steps.js';
import { scanCell } from './scan-cell.js';
import { BOUNDARY } from './vocabulary.js';

export interface ReaderConfig {
  readonly cell: CellKind;
  /** Units in each direction. */
  readonly units: number;
  readonly layers: number;
  readonly bidirectional: boolean;
}

export interface EncoderConfig extends ReaderConfig {
  /** Width of the vector of one symbol. */
  readonly embeddingWidth: number;
}

export interface Encoded {
  /** h: for each position the states of all directions side by side, [B, T, M]; 0 past a row's end. */
  readonly memory: tf.Tensor3D;
  /** Lengths of the rows, [B]; absent when all are of one length, T. */
  readonly lengths?: Int32Array | undefined;
  /** Each direction's state h after its last symbol, [B, H] each. Backward's has just read the first symbol. */
  readonly last: Readonly<Partial<Record<Direction, tf.Tensor2D>>>;
}

export interface Encoder {
  /** M: the units of all directions. */
  readonly memoryWidth: number;
  readonly directions: readonly Direction[];
  encode(sources: Sequences): Encoded;
}

/** Where a reader of vectors begins. */
interface ReadVectorsOptions {
  /** How many positions each row has, [B]; all of them by default. 0 leaves a row's states as they were. */
  readonly lengths?: Int32Array | undefined;
  /** States before the first steps, as `Read.states` has them; zeros by default. */
  readonly states?: readonly tf.Tensor2D[] | undefined;
}

export interface Read extends Encoded {
  /** Each cell's state after its last step, [B, S]: layer by layer, of each forward, then backward. An LSTM's is [h | c]. */
  readonly states: readonly tf.Tensor2D[];
}

/** An encoder without embeddings of its own. */
export interface Reader extends Pick<Encoder, 'memoryWidth' | 'directions'> {
  /**
   * @param table vectors [V, X]
   * @param sources sequences of rows of the table
   */
  read(table: tf.Tensor2D, sources: Sequences): Encoded;
  /**
   * @param x vectors of the positions, [B, T, X]
   * @throws HeedError SHAPE_MISMATCH for lengths or states of other rows or cells; INVALID_ARGUMENT for a length outside [0, T]
   */
  readVectors(x: tf.Tensor3D, options?: ReadVectorsOptions): Read;
}

interface Layer {
  readonly direction: Direction;
  readonly cell: Cell;
  readonly kernels: InputKernels;
}

/** Embeddings, then a reader. */
export function createEncoder(config: EncoderConfig, parameters: Parameters, symbols: number): Encoder {
  const embedding = parameters.kernel('encoder/embedding', [symbols, config.embeddingWidth]);
  const { read, ...reader } = createReader(config, parameters, 'encoder', config.embeddingWidth);
  return { ...reader, encode: (sources) => read(embedding, sources) };
}

/**
 * Layers of cells that read forwards and, when bidirectional, backwards from each row's own end. Steps past a row's end
 * carry its state through, so a row's result doesn't depend on the rows beside it.
 *
 * @see Schuster & Paliwal 1997; Bahdanau et al. 2014, arXiv:1409.0473, §3.2 and A.2.1
 */
export function createReader(config: ReaderConfig, parameters: Parameters, prefix: string, inputWidth: number): Reader {
  const { units, bidirectional, cell: kind } = config;
  const directions: readonly Direction[] = bidirectional ? ['forward', 'backward'] : ['forward'];
  const memoryWidth = directions.length * units;
  const layers = Array.from({ length: config.layers }, (_, n) =>
    directions.map((direction): Layer => {
      const key = `${prefix}/${n}/${direction}`;
      const cell = createCell(kind, parameters, key, units);
      const width = n === 0 ? inputWidth : memoryWidth;
      return { direction, cell, kernels: createInputKernels(parameters, `${key}/kernel`, width, cell) };
    }),
  );

  /** `run` on vectors of the positions, [B, T, X]. */
  function runVectors(layer: readonly Layer[], x: tf.Tensor3D, rows: Rows, initial?: readonly tf.Tensor2D[]): Read {
    const { lengths, batch, time } = rows;
    const flat = tf.reshape<tf.Rank.R2>(x, [batch * time, x.shape[2]]);
    const termsOf = ({ direction, cell, kernels }: Layer) =>
      projectWithBias(flat, kernels, cell).map((terms) => {
        const positions = tf.reshape<tf.Rank.R3>(terms, [batch, time, terms.shape[1]]);
        return lengths === undefined ? toEqualSteps(positions, direction) : toSteps(positions, direction, lengths);
      });
    return run(layer, rows, termsOf, initial);
  }

  return {
    memoryWidth,
    directions,
    read(table, sources) {
      const { batch, time } = sources;
      let encoded = run(layers[0], sources, ({ direction, cell, kernels }) =>
        embed(table, idsBySteps(sources, direction), (rows) => projectWithBias(rows, kernels, cell)).map((terms) =>
          tf.reshape(terms, [time, batch, terms.shape[1]]),
        ),
      );
      for (const layer of layers.slice(1)) encoded = runVectors(layer, encoded.memory, sources);
      // Without the states, which a caller would have to dispose of.
      const { memory, lengths, last } = encoded;
      return { memory, lengths, last };
    },
    readVectors(x, { lengths, states: initial } = {}) {
      const [batch, time] = x.shape;
      const rows = { batch, time, lengths };
      checkRead(rows, initial, layers.length * directions.length);
      const initialOf = (n: number): readonly tf.Tensor2D[] | undefined =>
        initial?.slice(n * directions.length, (n + 1) * directions.length);
      let read = runVectors(layers[0], x, rows, initialOf(0));
      const states = [...read.states];
      for (const [n, layer] of layers.entries()) {
        if (n === 0) continue;
        read = runVectors(layer, read.memory, rows, initialOf(n));
        states.push(...read.states);
      }
      return { ...read, states };
    },
  };
}

type Rows = Pick<Sequences, 'lengths' | 'batch' | 'time'>;
type PaddedRows = Rows & Pick<PaddedIds, 'lengths'>;
/** What is added up before the gates of a cell at each step, [T, B, …] of each group. */
type TermsOf = (part: Layer) => readonly tf.Tensor3D[];

/** Runs one layer's directions over their terms per step. */
function run(layer: readonly Layer[], rows: Rows, termsOf: TermsOf, initial?: readonly tf.Tensor2D[]): Read {
  const { lengths, batch } = rows;
  const start = layer.map(({ cell }, n) => initial?.[n] ?? tf.zeros<tf.Rank.R2>([batch, cell.stateWidth]));
  return lengths === undefined
    ? runEqual(layer, termsOf, start)
    : runPadded(layer, { ...rows, lengths }, termsOf, start);
}

/** Rows of any lengths, step by step. */
function runPadded(
  layer: readonly Layer[],
  { lengths, time }: PaddedRows,
  termsOf: TermsOf,
  start: readonly tf.Tensor2D[],
): Read {
  const active = Array.from({ length: time }, (_, t) => activeRows(lengths, t));
  const outputs: Partial<Record<Direction, tf.Tensor2D[]>> = {};
  const last: Partial<Record<Direction, tf.Tensor2D>> = {};
  const states = layer.map((part, n) => {
    const { cell, direction } = part;
    const steps = termsOf(part).map((terms) => eachStep(terms));
    const step = cell.unroll();
    let state = start[n];
    outputs[direction] = active.map((rows, t) => {
      state = step(
        steps.map((terms) => [terms[t]]),
        state,
        rows,
      );
      return cell.output(state);
    });
    last[direction] = cell.output(state);
    return state;
  });
  return { memory: toPositions(outputs, lengths), lengths, last, states };
}

/** Rows of one length, of which nothing is left out. */
function runEqual(layer: readonly Layer[], termsOf: TermsOf, start: readonly tf.Tensor2D[]): Read {
  const outputs: Partial<Record<Direction, tf.Tensor3D>> = {};
  const last: Partial<Record<Direction, tf.Tensor2D>> = {};
  const states = layer.map((part, n) => {
    const { cell, direction } = part;
    const { hidden, state } = scanCell(cell, termsOf(part), start[n]);
    outputs[direction] = hidden;
    last[direction] = cell.output(state);
    return state;
  });
  return { memory: toEqualPositions(outputs), last, states };
}

function checkRead({ lengths, time }: Rows, states: readonly tf.Tensor2D[] | undefined, cells: number): void {
  const wrong = lengths?.find((length) => !(length >= 0 && length <= time));
  if (wrong !== undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `readVectors: a length is ${wrong}, and there are ${time} positions`,
      details: { lengths, time },
    });
  }
  if (states === undefined || states.length === cells) return;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `readVectors: there are ${states.length} states of ${cells} cells`,
    hint: 'one of each layer and direction, [B, S]',
    details: { states: states.length, cells },
  });
}

/** [T·B], step by step. */
function idsBySteps({ ids, lengths, batch, time }: Sequences, direction: Direction): Ids {
  if (lengths === undefined) {
    return tf.reshape(toEqualSteps(tf.reshape<tf.Rank.R2>(ids, [batch, time]), direction), [time * batch]);
  }
  const bySteps = new Int32Array(time * batch).fill(BOUNDARY);
  for (let t = 0; t < time; t++) {
    for (let b = 0; b < batch; b++) {
      const position = positionAt(direction, lengths[b], t);
      if (position >= 0) bySteps[t * batch + b] = ids[b * time + position];
    }
  }
  return bySteps;
}

/** Undefined when all rows are, which is the common case in batches packed by length. */
function activeRows(lengths: Int32Array, t: number): Uint8Array | undefined {
  const active = Uint8Array.from(lengths, (length) => (t < length ? 1 : 0));
  return active.every((row) => row === 1) ? undefined : active;
}
