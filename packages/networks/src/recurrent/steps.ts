import * as tf from '@tensorflow/tfjs-core';
import { replayable, type Replayable } from '@heed/core';
import { equalIds, tidy, under, within, type Encoder, type GraphTensors } from '@heed/nn';
import type { Attention, SourceMemory } from './attention.js';
import type { Decoder, DecoderState, StepOptions } from './decoder.js';

/** An encoder–decoder as functions of tensors by name, for sources of one length. */
export interface RecurrentSteps {
  /** `source` [B, T] → `memory/…`, and `state/…` before the first step, of B rows. */
  encode(given: GraphTensors): GraphTensors;
  /**
   * One step: `symbol` before [N], `memory/…`, `state/…`, and `rows` [N] where a row goes on from another one's state → `logits`, `context`,
   * `weights`, `logSumExp` and `gates` where there are such, and `next/…`, which is the state after it.
   */
  step(given: GraphTensors, options: Omit<StepOptions, 'beams'>): GraphTensors;
}

export const recurrentSteps = (encoder: Encoder, attention: Attention, decoder: Decoder): RecurrentSteps => ({
  encode: ({ source }) =>
    tidy(() => {
      const encoded = encoder.encode(equalIds(source!));
      const memory = attention.prepare(encoded);
      return { ...under('memory', memory.tensors()), ...under('state', named(decoder.start(encoded, memory))) };
    }),
  step: ({ symbol, rows, ...given }, options) =>
    tidy(() => {
      const tensors = within('memory', given);
      const memory = attention.restore(tensors);
      const before = Object.entries(within('state', given)).map(([name, x]) => [name, rows ? tf.gather(x, rows) : x]);
      const beams = symbol!.size / Object.values(tensors)[0]!.shape[0]!;
      const from = stateOf(Object.fromEntries(before) as GraphTensors, memory);
      const { state, ...seen } = decoder.step(memory, from, symbol as tf.Tensor1D, { ...options, beams });
      return { ...seen, ...under('next', named(state)) };
    }),
});

/** The same, done again where the backend can. */
export interface ReplayedSteps {
  readonly encode: Replayable;
  readonly step: Replayable;
  dispose(): void;
}

export function replayedSteps({ encode, step }: RecurrentSteps): ReplayedSteps {
  const steps = {
    encode: replayable(encode),
    step: replayable((given) => step(given, { returnWeights: true, returnLogSumExp: true })),
  };
  return {
    ...steps,
    dispose() {
      steps.encode.dispose();
      steps.step.dispose();
    },
  };
}

const named = ({ cell, fed, attention = {} }: DecoderState): GraphTensors => ({
  cell,
  ...(fed && { fed }),
  ...under('attention', attention),
});

function stateOf(tensors: GraphTensors, memory: SourceMemory): DecoderState {
  const { cell, fed } = tensors as Readonly<Record<string, tf.Tensor2D>>;
  const attention = memory.start(within('attention', tensors));
  return { cell: cell!, ...(fed && { fed }), ...(attention && { attention }) };
}
