import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  alive,
  contextOf,
  dropoutTensor,
  groupedMatMul,
  groupedOuter,
  maskScores,
  select,
  sumTo,
  times,
} from '../../composed/shared.js';
import { materializeParts } from '../../mask-parts.js';
import type { NormalizerDefinition } from '../../normalizers/define.js';
import type { ComposedForm } from '../define.js';
import type { WeightedTypes } from './spec.js';

/** `weightedContext` as TensorFlow.js ops, with a normaliser. */
export const composedWeighted = (normalizer: NormalizerDefinition): ComposedForm<WeightedTypes> => ({
  forward(inputs, request) {
    const allowed = materializeParts(request.mask, inputs.mask, request);
    const scores = maskScores(inputs.scores, allowed);
    const weights = select(alive(scores), normalizer.forward(scores, perHead(inputs.parameter)), 0);
    const kept = times(weights, dropoutTensor(request.dropout, weights.shape));
    return { context: contextOf(kept, inputs.value, allowed), weights };
  },

  backward(inputs, request) {
    const { weights, value, dContext } = inputs;
    const allowed = materializeParts(request.mask, inputs.mask, request);
    const factors = dropoutTensor(request.dropout, weights.shape);
    const scores = maskScores(inputs.scores, allowed);
    const open = alive(scores);
    const dWeights = select(open, tf.add(times(groupedMatMul(dContext, value, true), factors), inputs.dWeights), 0);
    const parameter = perHead(inputs.parameter);
    return {
      dScores: select(open, normalizer.backward(weights, dWeights, scores, parameter), 0),
      dValue: groupedOuter(times(weights, factors), dContext, request.heads),
      dParameter:
        parameter && sumTo(normalizer.parameterGradient!(weights, dWeights, scores, parameter), parameter.shape),
    };
  },
});

/** [P] as what broadcasts to the scores: [1, P, 1, 1]. */
const perHead = (parameter: Tensor | undefined): Tensor | undefined =>
  parameter && tf.reshape(parameter, [1, parameter.size, 1, 1]);
