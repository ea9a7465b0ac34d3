import * as tf from '@tensorflow/tfjs-core';
import type { AttentionState } from '@heed/attention';
import type { SourceMemory } from './attention.js';
import { createAttentional } from './attentional.js';
import { createBridge } from './bridge.js';
import {
  createCell,
  createCopyGate,
  createInputKernels,
  eachStep,
  embed,
  embedStep,
  projectWithBias,
  repeatedProjection,
  toPositions,
  toSteps,
  type Ids,
  type Parameters,
} from '@heed/nn';
import type { Decoder, DecoderConfig, DecoderParts, TeachingOutputs, StepOptions } from './decoder.js';
import { look, Looks } from './look.js';

/**
 * Luong's decoder with global attention, for step t with the symbol before y_{t−1}:
 *
 *   s_t = f(s_{t−1}, y_{t−1}[, s̃_{t−1}]);  c_t = attend(s_t);  s̃_t = tanh(W_c [c_t; s_t]);  p(y_t) = softmax(W_s s̃_t)
 *
 * with biases in both layers. s̃_{t−1} is an input of the cell with input feeding, 0 before the first step. Without it the
 * states don't depend on the attention, so all steps attend at once when outputs are given.
 *
 * @see Luong, Pham & Manning 2015, arXiv:1508.04025, §3, §3.1 and §3.3
 */
export function createLuongDecoder(
  config: DecoderConfig,
  parameters: Parameters,
  { encoder, attention, symbols, rows }: DecoderParts,
): Decoder {
  const { embeddingWidth, outputUnits, encoderUnits, inputFeeding } = config;
  const { contextWidth } = attention;
  const cell = createCell(config.cell, parameters, 'decoder', config.decoderUnits);
  const bridge = createBridge(parameters, {
    directions: encoder.directions,
    units: encoderUnits,
    stateWidth: cell.stateWidth,
  });
  const embedding = parameters.kernel('decoder/embedding', [rows, embeddingWidth]);
  const symbolKernels = createInputKernels(parameters, 'decoder/kernel', embeddingWidth, cell);
  const feedingKernels = inputFeeding
    ? createInputKernels(parameters, 'decoder/feeding_kernel', outputUnits, cell)
    : undefined;
  const output = createAttentional(parameters, { stateWidth: cell.units, contextWidth, outputUnits, symbols });
  const copyGate = config.copying
    ? createCopyGate(parameters, embedding, { stateWidth: cell.units, contextWidth })
    : undefined;

  // What is told from step to step has to be seen in this order.
  const looksEachStep = inputFeeding || attention.keepsState;

  const termsOf = (ids: Ids, by = embed): tf.Tensor2D[] =>
    by(embedding, ids, (rows) => projectWithBias(rows, symbolKernels, cell));

  /** Begins a loop over the output. Each call gives s_t; `symbolTerms` are those of y_{t−1}, `fed` is s̃_{t−1}. */
  function unroll() {
    const projectFed = feedingKernels && repeatedProjection(feedingKernels);
    const step = cell.unroll();
    return (state: tf.Tensor2D, symbolTerms: readonly tf.Tensor2D[], fed: tf.Tensor2D | undefined): tf.Tensor2D => {
      const fedTerms = projectFed?.(fed!);
      return step(
        symbolTerms.map((terms, i) => (fedTerms ? [terms, fedTerms[i]] : [terms])),
        state,
      );
    };
  }

  /** Begins a loop that looks. Each call gives s̃_t. */
  function unrollLooking(memory: SourceMemory, options: StepOptions) {
    const attentional = output.unroll();
    return (hidden: tf.Tensor2D, told: AttentionState | undefined) => {
      const seen = look(memory, hidden, options, told);
      return { ...seen, units: attentional(hidden, seen.context) };
    };
  }

  /** All steps at once, time-major [T·B, …]. */
  function lookAtOnce(memory: SourceMemory, hidden: readonly tf.Tensor2D[], returnWeights: boolean) {
    const [batch] = hidden[0].shape;
    const full = new Int32Array(batch).fill(hidden.length);
    const timeMajor = (x: tf.Tensor3D): tf.Tensor2D =>
      tf.reshape(toSteps(x, 'forward', full), [hidden.length * batch, x.shape[2]]);
    const { context, weights } = memory.attend(toPositions({ forward: hidden }, full), { returnWeights });
    const contexts = timeMajor(context);
    return {
      units: output.unroll()(tf.concat2d(hidden as tf.Tensor2D[], 0), contexts),
      contexts,
      looks: weights && { weights: timeMajor(weights) },
    };
  }

  const unfed = (batch: number): tf.Tensor2D | undefined =>
    inputFeeding ? tf.zeros<tf.Rank.R2>([batch, outputUnits]) : undefined;

  return {
    start(encoded, memory) {
      const state = bridge(encoded);
      return { cell: state, fed: unfed(state.shape[0]), attention: memory.start() };
    },
    teach(encoded, memory, { inputs, batch, time }, dropout) {
      const symbolTerms = termsOf(inputs).map((terms) => eachStep(tf.reshape(terms, [time, batch, terms.shape[1]])));
      const states: tf.Tensor2D[] = [];
      const fed: tf.Tensor2D[] = [];
      const contexts: tf.Tensor2D[] = [];
      const looks = new Looks(config, attention);
      const advance = unroll();
      const lookNow = unrollLooking(memory, { beams: 1, returnWeights: looks.wanted });
      let state = bridge(encoded);
      let told = memory.start();
      for (let t = 0; t < time; t++) {
        const terms = symbolTerms.map((steps) => steps[t]);
        state = advance(state, terms, fed.at(-1) ?? unfed(batch));
        const hidden = cell.output(state);
        states.push(hidden);
        if (!looksEachStep) continue;
        const seen = lookNow(hidden, told);
        looks.add(seen.weights, told);
        told = seen.attention;
        fed.push(seen.units);
        contexts.push(seen.context);
      }
      const seen = looksEachStep
        ? { units: tf.concat2d(fed, 0), contexts: tf.concat2d(contexts, 0), looks: looks.all() }
        : lookAtOnce(memory, states, looks.wanted);
      return {
        logits: output.logits(dropout === undefined ? seen.units : dropout(seen.units, 'output')),
        ...seen.looks,
        ...(copyGate && { gates: copyGate(inputs, tf.concat2d(states, 0), seen.contexts) }),
      } satisfies TeachingOutputs;
    },
    step(memory, state, ids, options) {
      const terms = termsOf(ids, embedStep);
      const next = unroll()(state.cell, terms, state.fed);
      const hidden = cell.output(next);
      const { units, attention: told, ...seen } = unrollLooking(memory, options)(hidden, state.attention);
      return {
        ...seen,
        state: { cell: next, fed: inputFeeding ? units : undefined, attention: told },
        logits: output.logits(units),
        ...(copyGate && { gates: copyGate(ids, hidden, seen.context) }),
      };
    },
  };
}
