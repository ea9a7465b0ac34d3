import * as tf from '@tensorflow/tfjs-core';
import type { Attention, Prepared } from './attention.js';
import { createBridge } from './bridge.js';
import { createCell } from '../layers/cell.js';
import type { Seq2SeqConfig } from './config.js';
import type { Decoder, StepOptions } from './decoder.js';
import type { Encoder } from '../layers/encoder.js';
import { addBias, tanhLayer } from '../layers/fused/hidden-layer.js';
import { lookup } from '../layers/fused/lookup.js';
import { repeatedProduct } from '../layers/fused/repeated-product.js';
import { eachStep, toPositions, toSteps } from '../layers/fused/steps.js';
import type { Parameters } from '../layers/parameters.js';
import { createInputKernels, projectWithBias, repeatedProjection } from '../layers/projection.js';

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
  config: Seq2SeqConfig,
  parameters: Parameters,
  { encoder, attention, symbols }: { encoder: Encoder; attention: Attention; symbols: number },
): Decoder {
  const { embeddingWidth, outputUnits, encoderUnits, inputFeeding } = config;
  const { contextWidth } = attention;
  const cell = createCell(config.cell, parameters, 'decoder', config.decoderUnits);
  const bridge = createBridge(parameters, {
    directions: encoder.directions,
    units: encoderUnits,
    stateWidth: cell.stateWidth,
  });
  const embedding = parameters.kernel('decoder/embedding', [symbols, embeddingWidth]);
  const symbolKernels = createInputKernels(parameters, 'decoder/kernel', embeddingWidth, cell);
  const feedingKernels = inputFeeding
    ? createInputKernels(parameters, 'decoder/feeding_kernel', outputUnits, cell)
    : undefined;
  const output = {
    stateKernel: parameters.kernel('output/state_kernel', [cell.units, outputUnits]),
    contextKernel: parameters.kernel('output/context_kernel', [contextWidth, outputUnits]),
    hiddenBias: parameters.bias('output/hidden_bias', new Float32Array(outputUnits)),
    kernel: parameters.kernel('output/kernel', [outputUnits, symbols]),
    bias: parameters.bias('output/bias', new Float32Array(symbols)),
  };

  const logits = (units: tf.Tensor2D): tf.Tensor2D => addBias(tf.matMul(units, output.kernel), output.bias);

  /** Begins a loop over the output. Each call gives s_t; `symbolTerms` are those of y_{t−1}, `fed` is s̃_{t−1}. */
  function unroll() {
    const projectFed = feedingKernels && repeatedProjection(feedingKernels);
    const step = cell.unroll();
    return (state: tf.Tensor2D, symbolTerms: readonly tf.Tensor2D[], fed: tf.Tensor2D | undefined): tf.Tensor2D => {
      const fedTerms = projectFed?.(fed!);
      return step(
        symbolTerms.map((terms, i) => (fedTerms ? [terms, fedTerms[i]!] : [terms])),
        state,
      );
    };
  }

  /** Begins a loop that looks. Each call gives s̃_t. */
  function unrollLooking(prepared: Prepared, { beams, ...wanted }: StepOptions) {
    const attentional = unrollAttentional();
    return (state: tf.Tensor2D) => {
      const rows = state.shape[0];
      const hidden = cell.output(state);
      const queries = tf.reshape(hidden, [rows / beams, beams, cell.units]) as tf.Tensor3D;
      const { weights, logSumExp, ...attended } = prepared.attend(queries, wanted);
      const context = tf.reshape(attended.context, [rows, contextWidth]) as tf.Tensor2D;
      return { units: attentional(hidden, context), context, weights, logSumExp };
    };
  }

  function unrollAttentional() {
    const ofState = repeatedProduct(output.stateKernel);
    const ofContext = repeatedProduct(output.contextKernel);
    return (states: tf.Tensor2D, contexts: tf.Tensor2D): tf.Tensor2D =>
      tanhLayer([ofState(states), ofContext(contexts)], output.hiddenBias);
  }

  /** All steps at once, time-major [T·B, outputUnits]. */
  function lookAtOnce(prepared: Prepared, states: readonly tf.Tensor2D[]): tf.Tensor2D {
    const hidden = states.map((state) => cell.output(state));
    const [batch] = hidden[0]!.shape;
    const full = new Int32Array(batch).fill(states.length);
    const { context } = prepared.attend(toPositions({ forward: hidden }, full), { returnWeights: false });
    const contexts = tf.reshape(toSteps(context, 'forward', full), [states.length * batch, contextWidth]);
    return unrollAttentional()(tf.concat2d(hidden, 0), contexts as tf.Tensor2D);
  }

  const unfed = (batch: number): tf.Tensor2D | undefined =>
    inputFeeding ? tf.zeros<tf.Rank.R2>([batch, outputUnits]) : undefined;

  return {
    start(encoded) {
      const state = bridge(encoded);
      const fed = unfed(state.shape[0]);
      return fed === undefined ? [state] : [state, fed];
    },
    teach(encoded, prepared, { inputs, batch, time }, dropout) {
      const symbolTerms = projectWithBias(embedding, symbolKernels, cell).map((table) =>
        eachStep(tf.reshape(lookup(table, inputs), [time, batch, table.shape[1]])),
      );
      const states: tf.Tensor2D[] = [];
      const fed: tf.Tensor2D[] = [];
      const advance = unroll();
      const look = unrollLooking(prepared, { beams: 1, returnWeights: false });
      let state = bridge(encoded);
      for (let t = 0; t < time; t++) {
        const terms = symbolTerms.map((steps) => steps[t]!);
        state = advance(state, terms, fed.at(-1) ?? unfed(batch));
        states.push(state);
        if (inputFeeding) fed.push(look(state).units);
      }
      const units = inputFeeding ? tf.concat2d(fed, 0) : lookAtOnce(prepared, states);
      return logits(dropout === undefined ? units : dropout(units, 'output'));
    },
    step(prepared, [state, fed], ids, options) {
      const terms = projectWithBias(embedding, symbolKernels, cell).map((table) => lookup(table, ids));
      const next = unroll()(state!, terms, fed);
      const { units, context, weights, logSumExp } = unrollLooking(prepared, options)(next);
      return {
        state: inputFeeding ? [next, units] : [next],
        logits: logits(units),
        context,
        ...(weights && { weights: tf.reshape(weights, [ids.length, weights.shape[2]]) as tf.Tensor2D }),
        ...(logSumExp && { logSumExp: tf.reshape(logSumExp, [ids.length]) as tf.Tensor1D }),
      };
    },
  };
}
