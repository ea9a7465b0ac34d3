import * as tf from '@tensorflow/tfjs-core';
import {
  createCell,
  createInputKernels,
  eachStep,
  lookup,
  projectWithBias,
  type Cell,
  type Dropout,
  type InputKernels,
  type Parameters,
} from '@heed/nn';
import type { LstmLanguageConfig } from './config.js';
import type { ReadSymbols } from './network.js';

/** Layers of LSTM cells over the symbols read so far. */
export interface LstmLayers {
  /** States before the first place of one text, [1, S] for each layer; the caller's to dispose. */
  start(): tf.Tensor2D[];
  /** h of the last layer at all places, [B, T, H]. */
  all(symbols: ReadSymbols, drop?: Dropout): tf.Tensor3D;
  /** One place of one text: the states after it, and h of the last layer, [1, H]. */
  step(input: number, before: readonly tf.Tensor2D[]): { states: tf.Tensor2D[]; hidden: tf.Tensor2D };
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
  const symbolTerms = (ids: Int32Array): tf.Tensor2D[] =>
    projectWithBias(embedding, layers[0].kernels, layers[0].cell).map((table) => lookup(table, ids));

  return {
    start: () => layers.map(({ cell }) => tf.zeros([1, cell.stateWidth])),
    all({ inputs, batch, time }, drop = (y) => y) {
      const bySteps = Int32Array.from(inputs, (_, n) => inputs[(n % batch) * time + Math.floor(n / batch)]);
      let terms = symbolTerms(bySteps);
      let below: tf.Tensor2D | undefined; // [T·B, H]
      layers.forEach(({ cell, kernels }, n) => {
        if (below !== undefined) terms = projectWithBias(drop(below, `layers/${n}`), kernels, cell);
        below = tf.concat2d(outputsOf(cell, terms, batch, time), 0);
      });
      return tf.transpose(tf.reshape<tf.Rank.R3>(below!, [time, batch, units]), [1, 0, 2]);
    },
    step(input, before) {
      let hidden: tf.Tensor2D | undefined;
      const states = layers.map(({ cell, kernels }, n) => {
        const terms = hidden === undefined ? symbolTerms(Int32Array.of(input)) : projectWithBias(hidden, kernels, cell);
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

/** h of a cell at each step, [B, H], from its terms at all steps [T·B, …]. */
function outputsOf(cell: Cell, terms: readonly tf.Tensor2D[], batch: number, time: number): tf.Tensor2D[] {
  const steps = terms.map((group) => eachStep(tf.reshape(group, [time, batch, group.shape[1]])));
  const step = cell.unroll();
  let state: tf.Tensor2D = tf.zeros([batch, cell.stateWidth]);
  return Array.from({ length: time }, (_, t) => {
    state = step(
      steps.map((group) => [group[t]]),
      state,
    );
    return cell.output(state);
  });
}
