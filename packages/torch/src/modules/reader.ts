import type { CellKind, ReaderConfig } from '@heed/nn';
import * as tf from '@tensorflow/tfjs-core';
import { matrix, type Shape } from '../state/shapes.js';
import type { Tree } from '../state/tree.js';
import type { Converted } from './definition.js';
import { layersOf, type Gates } from './recurrent-shapes.js';

/** Cells of `@heed/nn` that the modules are made of. */
const CELL_OF = { LSTM: 'lstm', GRU: 'gruResetAfter' } as const satisfies Readonly<Record<keyof Gates, CellKind>>;

/** Key of a reader, under which its parameters are. */
export const READER = 'reader';

/** What a reader of vectors is made of that has the parameters of `nn.LSTM` or `nn.GRU`, any number of layers and both directions. */
export function readerConfig(shapes: Tree<Shape>, kind: keyof Gates): ReaderConfig & { readonly inputWidth: number } {
  const [, inputWidth] = matrix(shapes, 'weight_ih_l0');
  const [, units] = matrix(shapes, 'weight_hh_l0');
  return {
    cell: CELL_OF[kind],
    units,
    layers: layersOf(shapes),
    bidirectional: shapes.has('weight_ih_l0_reverse'),
    inputWidth,
  };
}

/** Parameters of the module as its reader has them. */
export function readerParameters(state: Tree<tf.Tensor>, kind: keyof Gates): Converted {
  const units = state.get('weight_hh_l0').shape[1]!;
  const directions = state.has('weight_ih_l0_reverse') ? ['forward', 'backward'] : ['forward'];
  const parameters: Record<string, tf.Tensor> = {};
  for (let layer = 0; layer < layersOf(state); layer++) {
    for (const direction of directions) {
      const cell = CELLS[kind](state, `l${layer}${direction === 'backward' ? '_reverse' : ''}`, units);
      for (const [key, tensor] of Object.entries(cell)) parameters[`${READER}/${layer}/${direction}/${key}`] = tensor;
    }
  }
  return parameters;
}

const CELLS = { LSTM: lstm, GRU: gru };

/** A matrix [out, in] as a kernel [in, out]. */
const kernel = (state: Tree<tf.Tensor>, key: string): tf.Tensor => tf.transpose(state.get(key));

/** A bias, of zeros where the module was made without. */
const bias = (state: Tree<tf.Tensor>, key: string, width: number): tf.Tensor =>
  state.optional(key) ?? tf.zeros([width]);

/** Both have the gates in the order i, f, g, o. PyTorch's two biases are only ever added up. */
function lstm(state: Tree<tf.Tensor>, suffix: string, units: number): Converted {
  return {
    kernel: kernel(state, `weight_ih_${suffix}`),
    recurrent_kernel: kernel(state, `weight_hh_${suffix}`),
    bias: tf.add(bias(state, `bias_ih_${suffix}`, 4 * units), bias(state, `bias_hh_${suffix}`, 4 * units)),
  };
}

/**
 * PyTorch has the gates in the order r, z, n, and z keeps the state, h' = (1 − z)∘n + z∘h, where Heed's replaces it: 1 − σ(a) = σ(−a), so
 * what z is made of changes its sign.
 */
function gru(state: Tree<tf.Tensor>, suffix: string, units: number): Converted {
  const gatesOf = (x: tf.Tensor): { readonly gates: tf.Tensor; readonly candidate: tf.Tensor } => {
    const [reset, update, candidate] = tf.split(x, 3, 0) as [tf.Tensor, tf.Tensor, tf.Tensor];
    return { gates: tf.concat([reset, tf.neg(update)], 0), candidate };
  };
  const termsOf = (which: string) => ({
    weight: gatesOf(state.get(`weight_${which}_${suffix}`)),
    bias: gatesOf(bias(state, `bias_${which}_${suffix}`, 3 * units)),
  });
  const [input, recurrent] = [termsOf('ih'), termsOf('hh')];
  return {
    kernel_gates: tf.transpose(input.weight.gates),
    kernel_candidate: tf.transpose(input.weight.candidate),
    recurrent_kernel_gates: tf.transpose(recurrent.weight.gates),
    recurrent_kernel_candidate: tf.transpose(recurrent.weight.candidate),
    bias_gates: tf.add(input.bias.gates, recurrent.bias.gates),
    bias_candidate: input.bias.candidate,
    recurrent_bias_candidate: recurrent.bias.candidate,
  };
}
