import type {
  AdditiveAttentionRequest,
  AdditiveInputs,
  AttentionKernels,
  AttentionOutputs,
  DotProductAttentionRequest,
  DotProductInputs,
  WeightedContextRequest,
  WeightedInputs,
} from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { attend, attendBackward, placeAll, type Attention } from './attention.js';
import type { Draw } from './draw.js';
import type { WebglEngine } from './engine.js';
import type { Grid, TensorGrid } from './grid.js';
import {
  keyGradients,
  addVectorGradient,
  additiveScores,
  queryGradients,
  type AdditiveOperands,
} from './passes/additive.js';
import { dotScores, throughCap, type DotOperands } from './passes/dot-scores.js';
import { gather } from './passes/gather.js';
import { givenScores } from './passes/given-scores.js';
import { NORMALIZERS } from './passes/normalizers.js';
import { placeTiles } from './passes/place.js';
import { columnsTimes, rowsTimes } from './passes/product.js';
import { addSummed, added } from './passes/sums.js';
import { byEntry } from './passes/table.js';
import { TileHooks } from './hooks/tile-hooks.js';
import { linearKernels } from './linear/kernels.js';
import { Scope } from './scope.js';
import { scoreTerms } from './score-terms.js';

/** The kernels: which passes each op is made of. */
export function attentionKernels(engine: WebglEngine, draw: Draw, scratchBytes: number): AttentionKernels {
  const run = <T>(kernel: (scope: Scope) => T): T => Scope.run(engine, draw, scratchBytes, kernel);
  return {
    dotProductAttention: {
      forward: (inputs, request) =>
        run((scope) => {
          const { attention } = dotProduct(scope, inputs, request);
          return outputsOf(scope, attention, inputs.value, request, [request.batch, request.heads, request.queries]);
        }),

      backward: (inputs, request) =>
        run((scope) => {
          const { query, key, value, bias, table } = inputs;
          const { attention, operands } = dotProduct(scope, inputs, request, true);
          const nonFinite = isMasked(request) ? 'clean' : 'show';
          const dQuery = scope.output(query.shape);
          let dKey: Grid | undefined, dBias: TensorGrid | undefined, dTable: TensorGrid | undefined;
          const dValue = attendBackward(scope, attention, value, inputs, (dBiased, chunk) => {
            if (bias) dBias = addSummed(scope, dBiased, request.bias.dense!, request, chunk, dBias);
            if (table) {
              const { heads, reach } = request.bias.relative!;
              const entries = byEntry(scope, dBiased, request.bias.relative!, request, chunk);
              const sizes = { ...request, keys: 2 * reach + 1 };
              dTable = addSummed(scope, entries, [1, heads, 1, 2 * reach + 1], sizes, chunk, dTable);
              scope.free(entries);
            }
            const dScores = request.softCap === null ? dBiased : throughCap(scope, operands, dBiased, request, chunk);
            const how = { nonFinite, factor: request.scale } as const;
            const dRows = rowsTimes(scope, dScores, operands.key, chunk, request, how);
            placeTiles(scope, dRows, chunk, dQuery);
            dKey = added(scope, columnsTimes(scope, dScores, operands.query, chunk, request, how), dKey);
            scope.free(dRows, dScores, dBiased);
          });
          return {
            dQuery: dQuery.tensor,
            dKey: placeAll(scope, dKey!, key.shape),
            dValue: placeAll(scope, dValue, value.shape),
            ...(dBias && { dBias: { ...dBias.tensor, shape: bias!.shape } }),
            ...(dTable && { dTable: { ...dTable.tensor, shape: table!.shape } }),
            ...capturedBy(attention),
          };
        }),
    },

    additiveAttention: {
      forward: (inputs, request) =>
        run((scope) => {
          const { attention } = additive(scope, inputs, request);
          return outputsOf(scope, attention, inputs.value, request, [request.batch, request.queries]);
        }),

      backward: (inputs, request) =>
        run((scope) => {
          const { query, key, value } = inputs;
          const { attention, operands } = additive(scope, inputs, request, true);
          const dQuery = scope.output(query.shape);
          let dKey: Grid | undefined, dVector: TensorGrid | undefined;
          const dValue = attendBackward(scope, attention, value, inputs, (dScores, chunk) => {
            const dRows = queryGradients(scope, operands, dScores, chunk);
            placeTiles(scope, dRows, chunk, dQuery);
            dKey = added(scope, keyGradients(scope, operands, dScores, chunk), dKey);
            dVector = addVectorGradient(scope, operands, dScores, request.units, chunk, dVector);
            scope.free(dRows, dScores);
          });
          return {
            dQuery: dQuery.tensor,
            dKey: placeAll(scope, dKey!, key.shape),
            dValue: placeAll(scope, dValue, value.shape),
            dVector: dVector!.tensor,
            ...capturedBy(attention),
          };
        }),
    },

    weightedContext: {
      forward: (inputs, request) =>
        run((scope) => {
          const { batch, heads, queries, keys, valueWidth } = request;
          const context = scope.output([batch, heads, queries, valueWidth]);
          const weights = scope.output([batch, heads, queries, keys]);
          attend(scope, weighted(scope, inputs, request), inputs.value, { context, weights });
          return { context: context.tensor, weights: weights.tensor };
        }),

      backward: (inputs, request) =>
        run((scope) => {
          const dScores = scope.output(inputs.scores.shape);
          const dValue = attendBackward(
            scope,
            weighted(scope, inputs, request),
            inputs.value,
            inputs,
            (gradients, chunk) => {
              placeTiles(scope, gradients, chunk, dScores);
              scope.free(gradients);
            },
          );
          return { dScores: dScores.tensor, dValue: placeAll(scope, dValue, inputs.value.shape) };
        }),
    },

    linearAttention: linearKernels(run),
  };
}

function outputsOf(
  scope: Scope,
  attention: Attention,
  value: DotProductInputs['value'],
  { returnWeights }: { returnWeights: boolean },
  axes: readonly number[],
): AttentionOutputs {
  const context = scope.output([...axes, attention.valueWidth]);
  const logSumExp = { sum: scope.flatOutput(axes), remainder: scope.flatOutput(axes) };
  const weights = returnWeights ? scope.output([...axes, attention.keys]) : undefined;
  attend(scope, attention, value, { context, logSumExp, weights });
  return {
    context: context.tensor,
    logSumExp: logSumExp.sum.tensor,
    remainder: logSumExp.remainder.tensor,
    weights: weights?.tensor,
  };
}

function dotProduct(
  scope: Scope,
  inputs: DotProductInputs,
  request: DotProductAttentionRequest,
  wantsGradients = false,
): { attention: Attention; operands: DotOperands } {
  const { batch, heads, keyHeads, queries, keys, width } = request;
  const operands = {
    query: gather(scope, inputs.query, [batch * heads, queries, width]),
    key: gather(scope, inputs.key, [batch * keyHeads, keys, width]),
  };
  const terms = scoreTerms(scope, request, request, inputs);
  const attention: Attention = {
    ...request,
    normalizer: NORMALIZERS['softmax'],
    hooks: new TileHooks(scope, request, inputs.captures, request, wantsGradients),
    scores: (chunk) => dotScores(scope, operands, request, terms, chunk),
  };
  return { attention, operands };
}

function additive(
  scope: Scope,
  inputs: AdditiveInputs,
  request: AdditiveAttentionRequest,
  wantsGradients = false,
): { attention: Attention; operands: AdditiveOperands } {
  const { batch, queries, keys, units } = request;
  const operands = {
    query: gather(scope, inputs.query, [batch, queries, units]),
    key: gather(scope, inputs.key, [batch, keys, units]),
    vector: gather(scope, inputs.vector, [1, 1, units]),
  };
  const terms = scoreTerms(scope, request, { ...request, heads: 1 }, inputs);
  const attention: Attention = {
    ...request,
    heads: 1,
    keyHeads: 1,
    normalizer: NORMALIZERS['softmax'],
    hooks: new TileHooks(scope, request, inputs.captures, { ...request, heads: 1 }, wantsGradients),
    scores: (chunk) => additiveScores(scope, operands, request, terms, chunk),
  };
  return { attention, operands };
}

function weighted(scope: Scope, { scores, mask }: WeightedInputs, request: WeightedContextRequest): Attention {
  const terms = scoreTerms(scope, request, request, { mask });
  return {
    ...request,
    keyHeads: request.heads,
    normalizer: NORMALIZERS[request.normalizer],
    scores: (chunk) => givenScores(scope, scores, request, terms, chunk),
  };
}

const capturedBy = ({ hooks }: Attention): { readonly dCaptures?: TensorInfo } =>
  hooks?.dCaptures ? { dCaptures: hooks.dCaptures } : {};

const isMasked = ({ mask, bias, scoreHook, maskHook }: DotProductAttentionRequest): boolean =>
  [mask.band, mask.lengths, mask.segments, mask.dense, bias.dense].some((part) => part !== undefined) ||
  scoreHook !== null ||
  maskHook !== null;
