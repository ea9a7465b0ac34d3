import type { AttentionKernels } from '@heed/core';
import { product } from '../passes/product.js';
import type { Scope } from '../scope.js';
import { scoreGradients, weights } from './rows.js';
import { contexts, valueGradients } from './sums.js';
import { weighingOf } from './weighing.js';

type WeightedKernels = NonNullable<AttentionKernels['weightedContext']>;

/** Contexts of scores that are given, which are of length Tq·Tk already, so that weights may be too. */
export function weightedKernels(run: <T>(kernel: (scope: Scope) => T) => T): WeightedKernels {
  return {
    forward: (inputs, request) =>
      run((scope) => {
        const weighing = weighingOf(scope, inputs, request);
        const all = weights(scope, weighing, request);
        return { context: contexts(scope, weighing, request, all, inputs.value), weights: all };
      }),

    backward: (inputs, request) =>
      run((scope) => {
        const { batch, heads, queries, keys, valueWidth } = request;
        const weighing = weighingOf(scope, inputs, request);
        const inKept = scope.scratch(batch * heads * queries * keys);
        product(scope, inputs.dContext, inputs.value, inKept, {
          batch: batch * heads,
          rows: queries,
          inner: valueWidth,
          columns: keys,
          transposeA: false,
          transposeB: true,
          oneA: false,
          oneB: false,
        });
        return {
          dScores: scoreGradients(scope, weighing, request, inKept, inputs.dWeights),
          dValue: valueGradients(scope, weighing, request, inputs.weights, inputs.dContext),
        };
      }),
  };
}
