import type * as tf from '@tensorflow/tfjs-core';
import { addBias, firstColumns, gruReset, gruUpdate, lstmGates } from '@heed/core/model-ops';
import { orthogonalBlocks } from './orthogonal.js';
import type { Parameters } from './parameters.js';
import { repeatedProduct } from './repeated-product.js';

export const CELLS = ['lstm', 'gru', 'gruResetAfter'] as const;
export type CellKind = (typeof CELLS)[number];

/**
 * A recurrent cell after its input has been projected: whoever reads a sequence multiplies all of it at once with the
 * input kernels, outside the loop over time.
 *
 * Terms: what is added up before the gates, in groups of columns. An LSTM has one group of width 4H (input, forget,
 * candidate, output), both GRUs two, of width 2H (reset r, update z) and H (candidate).
 */
export interface Cell {
  /** H */
  readonly units: number;
  /** S: 2H for an LSTM, [h | c]; H for the GRUs. */
  readonly stateWidth: number;
  /** Widths of the groups of terms. */
  readonly groups: readonly number[];
  /** Bias of each group, [width]; to be added to one of its terms. */
  readonly biases: readonly tf.Tensor1D[];
  /** Begins a loop over time; its steps share what can be shared, the gradient of the recurrent kernels above all. */
  unroll(): CellStep;
  /** A single step. */
  readonly step: CellStep;
  /** h of a state, [B, H]. */
  output(state: tf.Tensor2D): tf.Tensor2D;
}

/**
 * @param terms  of each group, [B, width]; without the recurrent product, with the bias
 * @param state  [B, S]
 * @param active per row: 0 carries the state through, for a step past the row's end
 * @returns the next state, [B, S]
 */
type CellStep = (terms: readonly (readonly tf.Tensor2D[])[], state: tf.Tensor2D, active?: Uint8Array) => tf.Tensor2D;

export function createCell(kind: CellKind, parameters: Parameters, key: string, units: number): Cell {
  return CREATE[kind](parameters, key, units);
}

const CREATE = { lstm: createLstm, gru: createGru, gruResetAfter: createGruResetAfter } satisfies Readonly<
  Record<CellKind, (parameters: Parameters, key: string, units: number) => Cell>
>;

/**
 * Long short-term memory, gates in the order input, forget, candidate, output:
 *
 *   [i f g o] = [σ σ tanh σ](x W + h U + b);  c' = f∘c + i∘g;  h' = o∘tanh(c')
 *
 * The forget gate's bias starts at 1, so that a new cell remembers.
 *
 * @see Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000; Jozefowicz, Zaremba & Sutskever 2015 for the bias
 */
function createLstm(parameters: Parameters, key: string, units: number): Cell {
  const recurrent = parameters.kernel(`${key}/recurrent_kernel`, [units, 4 * units], orthogonalBlocks);
  const bias = parameters.bias(`${key}/bias`, new Float32Array(4 * units).fill(1, units, 2 * units));
  const output = (state: tf.Tensor2D) => firstColumns(state, units);
  return withStep({
    units,
    stateWidth: 2 * units,
    groups: [4 * units],
    biases: [bias],
    output,
    unroll() {
      const product = repeatedProduct(recurrent);
      return ([terms], state, active) => lstmGates([...terms!, product(output(state))], state, active);
    },
  });
}

/**
 * Gated recurrent unit, the reset gate acting on the state before the product:
 *
 *   [r z] = σ(x W + h U + b);  h' = (1 − z)∘h + z∘tanh(x W̃ + (r∘h) Ũ + b̃)
 *
 * @see Cho et al. 2014, arXiv:1406.1078, §2.3; Bahdanau et al. 2014, arXiv:1409.0473, A.1.1
 */
function createGru(parameters: Parameters, key: string, units: number): Cell {
  const { gates, candidate, biases } = gruParameters(parameters, key, units);
  return withStep({
    units,
    stateWidth: units,
    groups: [2 * units, units],
    biases,
    output: (state) => state,
    unroll() {
      const gateProduct = repeatedProduct(gates);
      const candidateProduct = repeatedProduct(candidate);
      return ([gateTerms, candidateTerms], state, active) => {
        const open = gruReset([...gateTerms!, gateProduct(state)], state); // [r∘h | z]
        const proposal = candidateProduct(firstColumns(open, units));
        return gruUpdate([...candidateTerms!, proposal], open, state, active);
      };
    },
  });
}

/** Parameters that both units have: kernels of the state, and biases. */
const gruParameters = (parameters: Parameters, key: string, units: number) => ({
  gates: parameters.kernel(`${key}/recurrent_kernel_gates`, [units, 2 * units], orthogonalBlocks),
  candidate: parameters.kernel(`${key}/recurrent_kernel_candidate`, [units, units], orthogonalBlocks),
  biases: [
    parameters.bias(`${key}/bias_gates`, new Float32Array(2 * units)),
    parameters.bias(`${key}/bias_candidate`, new Float32Array(units)),
  ],
});

/**
 * Gated recurrent unit whose reset gate acts on the product of the state instead of the state, as in cuDNN, PyTorch and Keras. The product
 * has a bias of its own, c̃:
 *
 *   [r z] = σ(x W + h U + b);  h' = (1 − z)∘h + z∘tanh(x W̃ + b̃ + r∘(h Ũ + c̃))
 *
 * @see Cho et al. 2014, arXiv:1406.1078, in its first version; Appleyard, Kočiský & Blunsom 2016, arXiv:1604.01946, for why
 */
function createGruResetAfter(parameters: Parameters, key: string, units: number): Cell {
  const { gates, candidate, biases } = gruParameters(parameters, key, units);
  const recurrentBias = parameters.bias(`${key}/recurrent_bias_candidate`, new Float32Array(units));
  return withStep({
    units,
    stateWidth: units,
    groups: [2 * units, units],
    biases,
    output: (state) => state,
    unroll() {
      const gateProduct = repeatedProduct(gates);
      const candidateProduct = repeatedProduct(candidate);
      return ([gateTerms, candidateTerms], state, active) => {
        const proposal = addBias(candidateProduct(state), recurrentBias);
        const open = gruReset([...gateTerms!, gateProduct(state)], proposal); // [r∘(h Ũ + c̃) | z]
        return gruUpdate([...candidateTerms!, firstColumns(open, units)], open, state, active);
      };
    },
  });
}

const withStep = (cell: Omit<Cell, 'step'>): Cell => ({ ...cell, step: (...args) => cell.unroll()(...args) });
