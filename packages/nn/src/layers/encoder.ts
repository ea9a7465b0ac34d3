import * as tf from '@tensorflow/tfjs-core';
import { positionAt, toPositions, toSteps, type Direction } from '@heed/core/model-ops';
import type { PaddedIds } from './batch.js';
import { createCell, type Cell, type CellKind } from './cell.js';
import { eachStep } from './each-step.js';
import { embed } from './embed.js';
import type { Parameters } from './parameters.js';
import { createInputKernels, projectWithBias, type InputKernels } from './projection.js';
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
  readonly lengths: Int32Array;
  /** Each direction's state h after its last symbol, [B, H] each. Backward's has just read the first symbol. */
  readonly last: Readonly<Partial<Record<Direction, tf.Tensor2D>>>;
}

export interface Encoder {
  /** M: the units of all directions. */
  readonly memoryWidth: number;
  readonly directions: readonly Direction[];
  encode(sources: PaddedIds): Encoded;
}

/** An encoder without embeddings of its own. */
export interface Reader extends Pick<Encoder, 'memoryWidth' | 'directions'> {
  /**
   * @param table vectors [V, X]
   * @param sources sequences of rows of the table
   */
  read(table: tf.Tensor2D, sources: PaddedIds): Encoded;
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

  /** Runs one layer's directions over their terms per step. */
  function run(
    layer: readonly Layer[],
    { lengths, batch, time }: PaddedIds,
    termsOf: (part: Layer) => readonly tf.Tensor3D[],
  ): Encoded {
    const active = Array.from({ length: time }, (_, t) => activeRows(lengths, t));
    const states: Partial<Record<Direction, tf.Tensor2D[]>> = {};
    const last: Partial<Record<Direction, tf.Tensor2D>> = {};
    for (const part of layer) {
      const { cell, direction } = part;
      const steps = termsOf(part).map((terms) => eachStep(terms));
      const step = cell.unroll();
      let state: tf.Tensor2D = tf.zeros([batch, cell.stateWidth]);
      states[direction] = active.map((rows, t) => {
        state = step(
          steps.map((terms) => [terms[t]]),
          state,
          rows,
        );
        return cell.output(state);
      });
      last[direction] = cell.output(state);
    }
    return { memory: toPositions(states, lengths), lengths, last };
  }

  return {
    memoryWidth,
    directions,
    read(table, sources) {
      const { lengths, batch, time } = sources;
      let encoded = run(layers[0], sources, ({ direction, cell, kernels }) =>
        embed(table, idsBySteps(sources, direction), (rows) => projectWithBias(rows, kernels, cell)).map((terms) =>
          tf.reshape(terms, [time, batch, terms.shape[1]]),
        ),
      );
      for (const layer of layers.slice(1)) {
        const below = encoded.memory;
        encoded = run(layer, sources, ({ direction, cell, kernels }) =>
          projectWithBias(tf.reshape(below, [batch * time, memoryWidth]), kernels, cell).map((terms) =>
            toSteps(tf.reshape(terms, [batch, time, terms.shape[1]]), direction, lengths),
          ),
        );
      }
      return encoded;
    },
  };
}

function idsBySteps({ ids, lengths, batch, time }: PaddedIds, direction: Direction): Int32Array {
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
