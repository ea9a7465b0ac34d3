import * as tf from '@tensorflow/tfjs-core';
import {
  alive,
  contextOf,
  dropoutTensor,
  groupedMatMul,
  groupedOuter,
  maskScores,
  select,
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
    const weights = select(alive(scores), normalizer.forward(scores), 0);
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
    return {
      dScores: select(open, normalizer.backward(weights, dWeights, scores), 0),
      dValue: groupedOuter(times(weights, factors), dContext, request.heads),
    };
  },
});
