import { MODEL_OPS, firstColumns, pathOfModelOp } from '@heed/core/model-ops';
import { BoundParameters, createReader, eachStep, type Read } from '@heed/nn';
import * as tf from '@tensorflow/tfjs-core';
import { checkOptions, flagIn, numberIn, type Mapping, type NamedTensors } from '../mapping.js';
import { readerFromTorch, type RecurrentModule } from '../torch/reader.js';
import { StateDict } from '../torch/state-dict.js';
import { layoutOf } from './torch-layout.js';

const OPTIONS = [
  'input_size',
  'hidden_size',
  'num_layers',
  'bidirectional',
  'bias',
  'batch_first',
  'batch',
  't',
  'initial',
  'lengths',
];

/**
 * PyTorch's `nn.LSTM` or `nn.GRU`, packed by in/lengths where there are some. What reads in one direction is computed in two pieces too, the
 * states handed over as hn0 and cn0.
 */
const mapping =
  (module: RecurrentModule): Mapping =>
  (test) => {
    checkOptions(test, OPTIONS);
    const layout = layoutOf(test);
    const states = module === 'nn.LSTM' ? ['hn', 'cn'] : ['hn'];
    return {
      run(inputs, parameters) {
        const state = new StateDict(parameters);
        const { lengths } = inputs;
        const { read, units } = readFromTorch(state, module, layout.sequences(inputs, 'x'), {
          lengths: lengths && Int32Array.from(lengths.dataSync()),
          hidden: inputs['hn0'] ?? inputs['h0'],
          cells: inputs['cn0'] ?? inputs['c0'],
        });
        state.checkAllRead();
        return { out: layout.back(read.memory), ...lastOf(read, units, states) };
      },
      ...(!flagIn(test, 'bidirectional') && {
        carried: {
          steps: numberIn(test, 't'),
          inputs: { x: layout.time },
          outputs: { out: layout.time },
          states,
          lengths: 'lengths',
        },
      }),
      path: pathOfModelOp(module === 'nn.LSTM' ? MODEL_OPS.lstmGates : MODEL_OPS.gruUpdate),
      reasons: [],
    };
  };

export interface RecurrentStart {
  readonly lengths?: Int32Array | undefined;
  /** h of each layer and direction, [L·D, B, H]. */
  readonly hidden?: tf.Tensor | undefined;
  /** c likewise, of an LSTM. */
  readonly cells?: tf.Tensor | undefined;
}

/** A module with the parameters of a state dict, over x [B, T, X]. */
export function readFromTorch(
  state: StateDict,
  module: RecurrentModule,
  x: tf.Tensor3D,
  { lengths, hidden, cells }: RecurrentStart = {},
): { readonly read: Read; readonly units: number } {
  const { config, inputWidth, parameters } = readerFromTorch(state, module);
  const bound = new BoundParameters(parameters);
  const reader = createReader(config, bound, 'reader', inputWidth);
  bound.checkAllUsed();
  const start = hidden && (cells === undefined ? hidden : tf.concat([hidden, cells], 2));
  const states = start && eachStep(start as tf.Tensor3D);
  return { read: reader.readVectors(x, { lengths, states }), units: config.units };
}

/** hn, and cn of an LSTM, [L·D, B, H]. */
function lastOf({ states }: Read, units: number, names: readonly string[]): NamedTensors {
  const [hn, cn] = [
    states.map((state) => firstColumns(state, units)),
    states.map((state) => tf.slice(state, [0, state.shape[1] - units])),
  ];
  return Object.fromEntries(names.map((name) => [name, tf.stack(name === 'hn' ? hn : cn)]));
}

export const TORCH_RECURRENT_MAPPINGS: Readonly<Record<RecurrentModule, Mapping>> = {
  'nn.LSTM': mapping('nn.LSTM'),
  'nn.GRU': mapping('nn.GRU'),
};
