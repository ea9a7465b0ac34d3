import type { AdditiveAttentionRequest, AttentionKernels, AttentionOutputs } from '@heed/core';
import type { WebgpuEngine } from './engine.js';
import { buffersLeft } from './limits.js';
import { Scope } from './scope.js';
import { linearKernels } from './linear/kernels.js';
import { weightedKernels } from './weighted/kernels.js';
import { additive } from './attention/additive.js';
import { biasGradient, tableGradient } from './attention/bias-gradients.js';
import { blockForward } from './attention/block-forward.js';
import { blockKeyGradients, blockQueryGradients } from './attention/block-gradients.js';
import { captureGradients } from './attention/captured.js';
import { columnSums } from './attention/column-sums.js';
import { dotProduct } from './attention/dot-product.js';
import { forwardFew } from './attention/few-queries.js';
import { queryGradientsOfFew } from './attention/few-query-gradients.js';
import { areFew } from './attention/stretches.js';
import { forward } from './attention/forward.js';
import { hookedContexts } from './attention/hooked-contexts.js';
import { keyGradients, keyInputs } from './attention/key-gradients.js';
import { queryGradients } from './attention/query-gradients.js';
import { rowMeans } from './attention/row-means.js';
import { scoresOf, type Scores, type Sizes } from './attention/scores.js';
import { weights } from './attention/weights.js';

/** The passes that each op is made of. */
export function attentionKernels(engine: WebgpuEngine): AttentionKernels {
  const run = <T>(kernel: (scope: Scope) => T): T => Scope.run(engine, kernel);
  return {
    dotProductAttention: {
      forward: (inputs, request) =>
        run((scope) => outputsOf(scope, scoresOf(scope, inputs, request, request, dotProduct(request)), request)),
      backward: (inputs, request) =>
        run((scope) => {
          const scores = scoresOf(scope, inputs, request, request, dotProduct(request));
          const rows = rowMeans(scope, scores, inputs);
          const { dKey, dValue } = inKeys(scope, scores, rows, inputs);
          return {
            dQuery: inQueries(scope, scores, rows, inputs),
            dKey,
            dValue,
            ...(inputs.bias && { dBias: biasGradient(scope, scores, rows, inputs) }),
            ...(inputs.table && { dTable: tableGradient(scope, scores, rows, inputs) }),
            ...(inputs.captures && { dCaptures: captureGradients(scope, scores, rows, inputs, inputs.captures) }),
          };
        }),
    },

    additiveAttention: {
      forward: (inputs, request) =>
        run((scope) => {
          const pairing = additive(inputs.vector, request.units);
          return outputsOf(scope, scoresOf(scope, inputs, sizesOf(request), request, pairing), request);
        }),
      backward: (inputs, request) =>
        run((scope) => {
          const { batch, keys, units } = request;
          const scores = scoresOf(scope, inputs, sizesOf(request), request, additive(inputs.vector, units));
          const rows = rowMeans(scope, scores, inputs);
          const { dKey, dValue, dCommon } = inKeys(scope, scores, rows, inputs);
          return {
            dQuery: inQueries(scope, scores, rows, inputs),
            dKey,
            dValue,
            dVector: columnSums(scope, dCommon!, batch * keys, units),
            ...(inputs.captures && { dCaptures: captureGradients(scope, scores, rows, inputs, inputs.captures) }),
          };
        }),
    },

    weightedContext: weightedKernels(run),
    linearAttention: linearKernels(run),
  };
}

const sizesOf = (request: AdditiveAttentionRequest): Sizes => ({
  ...request,
  heads: 1,
  keyHeads: 1,
  width: request.units,
});

function outputsOf(scope: Scope, scores: Scores, { returnWeights }: { returnWeights: boolean }): AttentionOutputs {
  const rows = forwardOf(scores)(scope, scores);
  const all = scores.changesWeights ? { ...rows, context: hookedContexts(scope, scores, rows) } : rows;
  if (all !== rows) scope.own(rows.context);
  return { ...all, ...(returnWeights && { weights: weights(scope, scores, rows) }) };
}

const forwardOf = (scores: Scores): typeof forward =>
  isOfFew(scores) ? forwardFew : scores.pairing.isLong ? forward : blockForward;

const isOfFew = ({ sizes, changesWeights }: Scores): boolean => areFew(sizes) && !changesWeights;

const inQueries: typeof queryGradients = (scope, scores, ...rest) => queryGradientsOf(scores)(scope, scores, ...rest);

const queryGradientsOf = (scores: Scores): typeof queryGradients =>
  areFew(scores.sizes) ? queryGradientsOfFew : scores.pairing.isLong ? queryGradients : blockQueryGradients;

const inKeys: typeof keyGradients = (scope, scores, rows, cotangents) => {
  // With few queries an invocation that has a key has little to go through; and blocks write both gradients in one pass.
  const isByRows =
    areFew(scores.sizes) || scores.pairing.isLong || buffersLeft(scope, keyInputs(scores, rows, cotangents)) < 2;
  return (isByRows ? keyGradients : blockKeyGradients)(scope, scores, rows, cotangents);
};
