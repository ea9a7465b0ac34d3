import type * as tf from '@tensorflow/tfjs-core';
import { equalIds, outputsOf, tidy, under, within, type Encoder, type Graph, type GraphTensors } from '@heed/nn';
import { stepGraph } from '../graphs/step-graph.js';
import type { Attention, SourceMemory } from './attention.js';
import type { Decoder, DecoderState } from './decoder.js';

/**
 * The encoder, and one step of the decoder.
 *
 * @throws HeedError as the parts do
 */
export function recurrentGraphs(encoder: Encoder, attention: Attention, decoder: Decoder): Graph[] {
  const encode: Graph = {
    name: 'encoder',
    inputs: { source: { shape: ['batch', 'source'], dtype: 'int32' } },
    run: ({ source }) =>
      tidy(() => {
        const encoded = encoder.encode(equalIds(source));
        const memory = attention.prepare(encoded);
        return { ...under('memory', memory.tensors()), ...under('state', named(decoder.start(encoded, memory))) };
      }),
  };
  const step = stepGraph(outputsOf(encode), (symbol, given) => {
    const memory = attention.restore(within('memory', given));
    const { state, ...seen } = decoder.step(memory, stateOf(within('state', given), memory), symbol, {
      beams: 1,
      returnWeights: true,
    });
    return { ...seen, next: named(state) };
  });
  return [encode, step];
}

const named = ({ cell, fed, attention = {} }: DecoderState): GraphTensors => ({
  cell,
  ...(fed && { fed }),
  ...under('attention', attention),
});

function stateOf(tensors: GraphTensors, memory: SourceMemory): DecoderState {
  const { cell, fed } = tensors as Readonly<Record<string, tf.Tensor2D>>;
  const attention = memory.start(within('attention', tensors));
  return { cell, ...(fed && { fed }), ...(attention && { attention }) };
}
