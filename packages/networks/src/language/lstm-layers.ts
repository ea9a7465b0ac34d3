import * as tf from '@tensorflow/tfjs-core';
import {
  createCell,
  createInputKernels,
  embed,
  embedStep,
  projectWithBias,
  scanCell,
  type Cell,
  type Dropout,
  type Ids,
  type InputKernels,
  type Parameters,
} from '@heed/nn';
import type { LstmLanguageConfig } from './config.js';
import type { ReadSymbols } from './network.js';

/** Layers of LSTM cells over the symbols read so far. */
export interface LstmLayers {
  /** S of each layer. */
  readonly stateWidths: readonly number[];
  /** States before the first place of one text, [1, S] for each layer; the caller's to dispose. */
  start(): tf.Tensor2D[];
  /** h of the last layer at all places, [B, T, H]. */
  all(symbols: ReadSymbols, drop?: Dropout): tf.Tensor3D;
  /** One place of N texts: the states after it, and h of the last layer, [N, H]. */
  step(inputs: Ids, before: readonly tf.Tensor2D[]): { states: tf.Tensor2D[]; hidden: tf.Tensor2D };
}

interface Layer {
  readonly cell: Cell;
  readonly kernels: InputKernels;
}

export function createLstmLayers(
  { layers: count, embeddingWidth, units }: LstmLanguageConfig,
  parameters: Parameters,
  vocabularySize: number,
): LstmLayers {
  const embedding = parameters.kernel('embedding', [vocabularySize, embeddingWidth]);
  const layers = Array.from({ length: count }, (_, n): Layer => {
    const cell = createCell('lstm', parameters, `layers/${n}`, units);
    const width = n === 0 ? embeddingWidth : units;
    return { cell, kernels: createInputKernels(parameters, `layers/${n}/kernel`, width, cell) };
  });

  /** Alphabets are small, so symbols are projected once each, not once per place. */
  const symbolTerms = (ids: Ids): tf.Tensor2D[] => embed(embedding, ids, project);
  const project = (rows: tf.Tensor2D): tf.Tensor2D[] => projectWithBias(rows, layers[0].kernels, layers[0].cell);

  return {
    stateWidths: layers.map(({ cell }) => cell.stateWidth),
    start: () => layers.map(({ cell }) => tf.zeros([1, cell.stateWidth])),
    all({ inputs, batch, time }, drop = (y) => y) {
      let terms = symbolTerms(bySteps(inputs, batch, time));
      let below: tf.Tensor2D | undefined; // [T·B, H]
      layers.forEach(({ cell, kernels }, n) => {
        if (below !== undefined) terms = projectWithBias(drop(below, `layers/${n}`), kernels, cell);
        const steps = terms.map((group) => tf.reshape<tf.Rank.R3>(group, [time, batch, group.shape[1]]));
        const { hidden } = scanCell(cell, steps, tf.zeros([batch, cell.stateWidth]));
        below = tf.reshape<tf.Rank.R2>(hidden, [time * batch, units]);
      });
      return tf.transpose(tf.reshape<tf.Rank.R3>(below!, [time, batch, units]), [1, 0, 2]);
    },
    step(inputs, before) {
      let hidden: tf.Tensor2D | undefined;
      const states = layers.map(({ cell, kernels }, n) => {
        const terms =
          hidden === undefined ? embedStep(embedding, inputs, project) : projectWithBias(hidden, kernels, cell);
        const state = cell.step(
          terms.map((group) => [group]),
          before[n],
        );
        hidden = cell.output(state);
        return state;
      });
      return { states, hidden: hidden! };
    },
  };
}

/** Row-major [B, T] → [T, B]. */
function bySteps(ids: Ids, batch: number, time: number): Ids {
  if (ids instanceof Int32Array) return ids.map((_, n) => ids[(n % batch) * time + Math.floor(n / batch)]);
  return tf.reshape(tf.transpose(tf.reshape(ids, [batch, time])), [time * batch]);
}
