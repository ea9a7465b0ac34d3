import { MODEL_OPS, pathOfModelOp } from '@heed/core/model-ops';
import type * as tf from '@tensorflow/tfjs-core';
import { cannot, checkOptions, flagIn, numberIn, type Mapped, type Mapping } from '../mapping.js';
import { axisOfSteps, isBatchFirst, mapModules } from './torch-module.js';

const OPTIONS = [
  'input_size',
  'hidden_size',
  'num_layers',
  'bidirectional',
  'bias',
  'batch_first',
  'unbatched',
  'batch',
  't',
  'initial',
  'lengths',
];

/** States of each module: what it ends with, and what it begins with by the names of PyTorch and of pieces. */
const STATES = { LSTM: ['hn', 'cn'], GRU: ['hn'] } as const;

/** How the cells of a module run. */
export const pathOfRecurrent = (kind: keyof typeof STATES): Pick<Mapped, 'path' | 'reasons'> => ({
  path: pathOfModelOp(kind === 'LSTM' ? MODEL_OPS.lstmGates : MODEL_OPS.gruUpdate),
  reasons: [],
});

/**
 * PyTorch's `nn.LSTM` or `nn.GRU`, packed by in/lengths where there are some. What reads in one direction is computed in two pieces too, the
 * states handed over as hn0 and cn0.
 */
const mapping =
  (kind: keyof typeof STATES): Mapping =>
  (test) => {
    checkOptions(test, OPTIONS);
    const batchFirst = isBatchFirst(test);
    const steps = axisOfSteps(test);
    return mapModules(test, (make) => {
      const module = kind === 'LSTM' ? make({ kind, batchFirst }) : make({ kind, batchFirst });
      return {
        run(inputs) {
          const x = inputs['x'] ?? cannot(test, 'in/x is missing');
          const c0 = inputs['cn0'] ?? inputs['c0'];
          const { output, ...states } = module.call(x, {
            lengths: inputs['lengths'] as tf.Tensor1D | undefined,
            h0: inputs['hn0'] ?? inputs['h0'],
            ...(kind === 'LSTM' && { c0 }),
          });
          return { out: output, ...states };
        },
        ...(!flagIn(test, 'bidirectional') && {
          carried: {
            steps: numberIn(test, 't'),
            inputs: { x: steps },
            outputs: { out: steps },
            states: STATES[kind],
            lengths: 'lengths',
          },
        }),
        ...pathOfRecurrent(kind),
      };
    });
  };

export const TORCH_RECURRENT_MAPPINGS = { 'nn.LSTM': mapping('LSTM'), 'nn.GRU': mapping('GRU') } satisfies Readonly<
  Record<string, Mapping>
>;
