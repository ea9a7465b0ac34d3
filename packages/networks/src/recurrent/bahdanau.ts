import * as tf from '@tensorflow/tfjs-core';
import type { AttentionState } from '@heed/attention';
import type { SourceMemory } from './attention.js';
import { createBridge } from './bridge.js';
import {
  addBias,
  createCell,
  createCopyGate,
  createInputKernels,
  eachStep,
  embed,
  embedStep,
  maxoutLayer,
  projectWithBias,
  repeatedProjection,
  tanhLayer,
  type Ids,
  type Parameters,
} from '@heed/nn';
import type { Decoder, DecoderConfig, DecoderParts, StepOptions } from './decoder.js';
import { look, Looks } from './look.js';

/**
 * The decoder of Bahdanau's paper, for step i with the symbol before y_{i−1}:
 *
 *   c_i = attend(s_{i−1});  s_i = f(s_{i−1}, y_{i−1}, c_i);  p(y_i) = softmax(g(y_{i−1}, s_i, c_i))
 *
 * f is a cell with the inputs y_{i−1} and c_i; g is a maxout (or tanh) layer over all three and a linear one. The first
 * state is s_0 = tanh(W_s h⃖_1), from the backward encoder (the forward one when there is no other).
 *
 * The paper's appendix has s_{i−1} in g where its §3.1 has s_i; this is §3.1.
 *
 * @see Bahdanau, Cho & Bengio 2014, arXiv:1409.0473, §3.1 and A.2.2
 */
export function createBahdanauDecoder(
  config: DecoderConfig,
  parameters: Parameters,
  { encoder, attention, symbols, rows }: DecoderParts,
): Decoder {
  const { embeddingWidth, outputUnits, encoderUnits } = config;
  const { contextWidth } = attention;
  const cell = createCell(config.cell, parameters, 'decoder', config.decoderUnits);
  const bridge = createBridge(parameters, {
    directions: encoder.directions.slice(-1),
    units: encoderUnits,
    stateWidth: cell.stateWidth,
  });
  const embedding = parameters.kernel('decoder/embedding', [rows, embeddingWidth]);
  const symbolKernels = createInputKernels(parameters, 'decoder/kernel', embeddingWidth, cell);
  const contextKernels = createInputKernels(parameters, 'decoder/context_kernel', contextWidth, cell);
  const hiddenWidth = config.output === 'maxout' ? 2 * outputUnits : outputUnits;
  const hiddenLayer = config.output === 'maxout' ? maxoutLayer : tanhLayer;
  const output = {
    symbolKernel: parameters.kernel('output/symbol_kernel', [embeddingWidth, hiddenWidth]),
    stateKernel: parameters.kernel('output/state_kernel', [cell.units, hiddenWidth]),
    contextKernel: parameters.kernel('output/context_kernel', [contextWidth, hiddenWidth]),
    hiddenBias: parameters.bias('output/hidden_bias', new Float32Array(hiddenWidth)),
    kernel: parameters.kernel('output/kernel', [outputUnits, symbols]),
    bias: parameters.bias('output/bias', new Float32Array(symbols)),
  };
  const copyGate = config.copying
    ? createCopyGate(parameters, embedding, { stateWidth: cell.units, contextWidth })
    : undefined;

  /** g without its last layer. */
  function hidden(ids: Ids, states: tf.Tensor2D, contexts: tf.Tensor2D, by = embed): tf.Tensor2D {
    const terms = [
      ...by(embedding, ids, (rows) => [tf.matMul(rows, output.symbolKernel) as tf.Tensor2D]),
      tf.matMul(states, output.stateKernel),
      tf.matMul(contexts, output.contextKernel),
    ] as tf.Tensor2D[];
    return hiddenLayer(terms, output.hiddenBias);
  }

  const termsOf = (ids: Ids, by = embed): tf.Tensor2D[] =>
    by(embedding, ids, (rows) => projectWithBias(rows, symbolKernels, cell));

  const logits = (units: tf.Tensor2D): tf.Tensor2D => addBias(tf.matMul(units, output.kernel), output.bias);

  /** Begins a loop over the output. Each call gives c_i and s_i; `symbolTerms` are those of y_{i−1}. */
  function unroll(memory: SourceMemory, options: StepOptions) {
    const projectContext = repeatedProjection(contextKernels);
    const step = cell.unroll();
    return (state: tf.Tensor2D, symbolTerms: readonly tf.Tensor2D[], attention: AttentionState | undefined) => {
      const seen = look(memory, cell.output(state), options, attention);
      const contextTerms = projectContext(seen.context);
      const next = step(
        symbolTerms.map((terms, i) => [terms, contextTerms[i]]),
        state,
      );
      return { ...seen, next };
    };
  }

  return {
    start: (encoded, memory) => ({ cell: bridge(encoded), attention: memory.start() }),
    teach(encoded, memory, { inputs, batch, time }, dropout) {
      const symbolTerms = termsOf(inputs).map((terms) => eachStep(tf.reshape(terms, [time, batch, terms.shape[1]])));
      const states: tf.Tensor2D[] = [];
      const contexts: tf.Tensor2D[] = [];
      const looks = new Looks(config, attention);
      const advance = unroll(memory, { beams: 1, returnWeights: looks.wanted });
      let state = bridge(encoded);
      let told = memory.start();
      for (let t = 0; t < time; t++) {
        const terms = symbolTerms.map((steps) => steps[t]);
        const seen = advance(state, terms, told);
        looks.add(seen.weights, told);
        state = seen.next;
        told = seen.attention;
        states.push(cell.output(state));
        contexts.push(seen.context);
      }
      const [allStates, allContexts] = [tf.concat2d(states, 0), tf.concat2d(contexts, 0)];
      const units = hidden(inputs, allStates, allContexts);
      return {
        logits: logits(dropout === undefined ? units : dropout(units, 'output')),
        ...looks.all(),
        ...(copyGate && { gates: copyGate(inputs, allStates, allContexts) }),
      };
    },
    step(memory, state, ids, options) {
      const terms = termsOf(ids, embedStep);
      const { next, attention: told, ...seen } = unroll(memory, options)(state.cell, terms, state.attention);
      const output = cell.output(next);
      return {
        ...seen,
        state: { cell: next, attention: told },
        logits: logits(hidden(ids, output, seen.context, embedStep)),
        ...(copyGate && { gates: copyGate(ids, output, seen.context) }),
      };
    },
  };
}
