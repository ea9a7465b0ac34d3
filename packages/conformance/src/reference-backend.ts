import * as tf from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import {
  OPS,
  type AdditiveAttentionRequest,
  type AdditiveGradients,
  type AdditiveInputs,
  type AttentionBackend,
  type AttentionCotangents,
  type AttentionKernels,
  type AttentionOutputs,
  type BackendFactory,
  type BiasParts,
  type DotProductAttentionRequest,
  type DotProductGradients,
  type DotProductInputs,
  type LinearAttentionRequest,
  type LinearCotangents,
  type LinearGradients,
  type LinearInputs,
  type LinearOutputs,
  type MaskParts,
  type Op,
  type OpRequest,
  type WeightedContextRequest,
  type WeightedCotangents,
  type WeightedGradients,
  type WeightedInputs,
  type WeightedOutputs,
} from '@heed/core';
import { additive, additiveBackward, type Additive } from './oracle/additive.js';
import type { Aggregated } from './oracle/aggregation.js';
import { float64, type At } from './oracle/arithmetic.js';
import { dotProduct, dotProductBackward, type DotProduct } from './oracle/dot-product.js';
import { linear, linearBackward, type Linear } from './oracle/linear.js';
import { broadcastIndex } from './oracle/masks.js';
import { FORMULA_NAMES } from './oracle/normalizers.js';
import { dropoutFactor } from './oracle/philox.js';
import { capturedGradient, hooksBy } from './reference-hooks.js';
import { weighted, weightedBackward, type Weighted } from './oracle/weighted.js';
import { sizeOf, type ScoreSizes } from './example.js';

/**
 * Backend on the engine 'cpu' that computes the oracle's formulas: as exact as float32 results can be, and slow. It reads core's
 * normalised masks and biases, while the oracle reads the public ones, so it also tests the normalisation. Mutants are made of it.
 *
 * @param load registers the engine when it isn't yet: `() => import('@tensorflow/tfjs-backend-cpu')`
 */
export function referenceBackend({
  load,
  name = 'reference',
  kernels = arrayKernels,
  change = () => ({}),
}: {
  load: () => Promise<unknown>;
  name?: string;
  kernels?: ArrayKernels;
  /** Changes of the backend, for mutants. */
  change?: (backend: AttentionBackend) => Partial<AttentionBackend>;
}): BackendFactory {
  return {
    name,
    async unavailableReasons() {
      if (tf.findBackendFactory('cpu') == null) await load();
      return tf.findBackendFactory('cpu') == null ? ["engine 'cpu' is not registered"] : [];
    },
    async create(): Promise<AttentionBackend> {
      const backend: AttentionBackend = {
        specVersion: 1,
        name,
        engine: 'cpu',
        kernels: onTensors(kernels),
        takes: {
          masks: ['band', 'lengths', 'segments', 'dense'],
          biases: ['dense', 'alibi', 'relative'],
          normalizers: FORMULA_NAMES,
          options: ['softCap', 'dropout', 'returnWeights', 'scoreHook', 'maskHook', 'weightHook', ...LINEAR_OPTIONS],
        },
        capabilities: {
          skips: [],
          simd: 'none',
          threads: 1,
          floatBits: 32,
          accumulatorBits: 64,
          deterministic: true,
          replaces: [],
          notes: ['nested loops over single numbers, for tests only'],
        },
        dispose: () => Promise.resolve(),
      };
      return { ...backend, ...change(backend) };
    },
  };
}

/** Of `linearAttention`. */
const LINEAR_OPTIONS = [
  'logDecay',
  'beta',
  'normalize',
  'lengths',
  'bidirectional',
  'initialState',
  'returnState',
] as const;

/** Numbers of tensors, by name. */
export type Arrays<T> = { readonly [K in keyof T]: ArrayLike<number> };

/** Both passes of each op over plain numbers, side by side, so that a broken backend replaces one of them. */
export interface ArrayKernels {
  dotProductAttention(inputs: Arrays<DotProductInputs>, request: DotProductAttentionRequest): Arrays<AttentionOutputs>;
  dotProductAttentionGrad(
    inputs: Arrays<DotProductInputs & AttentionCotangents>,
    request: DotProductAttentionRequest,
  ): Arrays<DotProductGradients>;
  additiveAttention(inputs: Arrays<AdditiveInputs>, request: AdditiveAttentionRequest): Arrays<AttentionOutputs>;
  additiveAttentionGrad(
    inputs: Arrays<AdditiveInputs & AttentionCotangents>,
    request: AdditiveAttentionRequest,
  ): Arrays<AdditiveGradients>;
  weightedContext(inputs: Arrays<WeightedInputs>, request: WeightedContextRequest): Arrays<WeightedOutputs>;
  weightedContextGrad(
    inputs: Arrays<WeightedInputs & WeightedCotangents>,
    request: WeightedContextRequest,
  ): Arrays<WeightedGradients>;
  linearAttention(inputs: Arrays<LinearInputs>, request: LinearAttentionRequest): Arrays<LinearOutputs>;
  linearAttentionGrad(
    inputs: Arrays<LinearInputs & LinearCotangents>,
    request: LinearAttentionRequest,
  ): Arrays<LinearGradients>;
}

export const arrayKernels: ArrayKernels = {
  ...dotProductKernels(dotProductOf),
  additiveAttention(inputs, request) {
    return attentionOutputs(additive(additiveOf(inputs, request), float64), request);
  },
  additiveAttentionGrad(inputs, request) {
    const dCaptures = capturedGradient(inputs.captures);
    const gradients = additiveBackward(additiveOf(inputs, request, dCaptures), cotangentsOf(inputs), float64);
    return { ...gradients, ...(dCaptures && { dCaptures }) };
  },
  weightedContext(inputs, request) {
    const { context, weights } = weighted(weightedOf(inputs, request), float64);
    return { context, weights };
  },
  weightedContextGrad(inputs, request) {
    return weightedBackward(
      weightedOf(inputs, request),
      { context: inputs.dContext, weights: inputs.dWeights },
      float64,
    );
  },
  linearAttention(inputs, request) {
    const { context, state, normalizer } = linear(linearOf(inputs, request), float64);
    const { returnState, normalize } = request;
    return { context, ...(returnState && { state }), ...(returnState && normalize && { normalizer }) };
  },
  linearAttentionGrad(inputs, request) {
    const { dContext: context, dState: state, dNormalizer: normalizer } = inputs;
    const found = linearBackward(linearOf(inputs, request), { context, state, normalizer }, float64);
    const { query: dQuery, key: dKey, value: dValue, logDecay, beta, initialState, initialNormalizer } = found;
    return {
      dQuery,
      dKey,
      dValue,
      ...(logDecay && { dLogDecay: logDecay }),
      ...(beta && { dBeta: beta }),
      ...(initialState && { dInitialState: initialState }),
      ...(initialNormalizer && { dInitialNormalizer: initialNormalizer }),
    };
  },
};

/** Both passes of the dot product; `operandsOf` turns a request into the formula's operands. */
export function dotProductKernels(
  operandsOf: typeof dotProductOf,
): Pick<ArrayKernels, 'dotProductAttention' | 'dotProductAttentionGrad'> {
  return {
    dotProductAttention(inputs, request) {
      return attentionOutputs(dotProduct(operandsOf(inputs, request), float64), request);
    },
    dotProductAttentionGrad(inputs, request) {
      const dCaptures = capturedGradient(inputs.captures);
      const operands = operandsOf(inputs, request, dCaptures);
      const { dBiased, ...gradients } = dotProductBackward(operands, cotangentsOf(inputs), float64);
      return { ...gradients, ...biasGradientsOf(dBiased, request), ...(dCaptures && { dCaptures }) };
    },
  };
}

function attentionOutputs(
  { context, logSumExp, weights }: Aggregated,
  { returnWeights }: { readonly returnWeights: boolean },
): Arrays<AttentionOutputs> {
  const remainder = logSumExp.map((sum) => (sum === -Infinity ? 0 : sum - Math.fround(sum)));
  return { context, logSumExp, remainder, ...(returnWeights && { weights }) };
}

function cotangentsOf({ dContext, dLogSumExp, dWeights }: Arrays<AttentionCotangents>) {
  return { context: dContext, logSumExp: dLogSumExp, weights: dWeights };
}

/** Operands of the formula for a request; mutants change some of them. */
export function dotProductOf(
  inputs: Arrays<DotProductInputs>,
  request: DotProductAttentionRequest,
  dCaptures?: Float64Array,
): DotProduct {
  return {
    ...request,
    ...inputs,
    keyHeadOf: (h) => Math.floor(h / (request.heads / request.keyHeads)),
    attends: attendsBy(request.mask, inputs.mask, request),
    bias: biasBy(request.bias, inputs),
    hooks: hooksBy(request, request, inputs.captures, dCaptures),
    dropout: dropoutFactor(request.dropout),
  };
}

function additiveOf(
  inputs: Arrays<AdditiveInputs>,
  request: AdditiveAttentionRequest,
  dCaptures?: Float64Array,
): Additive {
  return {
    ...request,
    ...inputs,
    attends: attendsBy(request.mask, inputs.mask, { ...request, heads: 1 }),
    hooks: hooksBy(request, { ...request, heads: 1 }, inputs.captures, dCaptures),
    dropout: dropoutFactor(request.dropout),
  };
}

function weightedOf(inputs: Arrays<WeightedInputs>, request: WeightedContextRequest): Weighted {
  return {
    ...request,
    ...inputs,
    attends: attendsBy(request.mask, inputs.mask, request),
    dropout: dropoutFactor(request.dropout),
  };
}

function linearOf(inputs: Arrays<LinearInputs>, request: LinearAttentionRequest): Linear {
  const { logDecay, beta, lengths, keys } = request;
  return {
    ...request,
    ...inputs,
    logDecay: logDecay === null ? undefined : { shape: logDecay, values: inputs.logDecay! },
    beta: beta === null ? undefined : { shape: beta, values: inputs.beta! },
    initialState: inputs.initialState,
    lengthOf: (b) => lengths?.[b] ?? keys,
  };
}

/** Whether a query attends to a key: every part of the mask must allow it. */
export function attendsBy(
  { band, lengths, segments, dense }: MaskParts,
  mask: ArrayLike<number> | undefined,
  { queries, keys }: ScoreSizes,
): At<boolean> {
  return (b, h, i, j) =>
    (!band || (band.lower[b] <= j - i && j - i <= band.upper[b])) &&
    (!lengths || j < lengths[b]) &&
    (!segments || segments.query[b * queries + i] === segments.key[b * keys + j]) &&
    (!dense || mask![broadcastIndex(dense, b, h, i, j)] !== 0);
}

function biasBy(
  { dense, alibi, relative }: BiasParts,
  { bias, table }: { bias?: ArrayLike<number>; table?: ArrayLike<number> },
): At<number> {
  return (b, h, i, j) => {
    let sum = 0;
    if (dense) sum += bias![broadcastIndex(dense, b, h, i, j)];
    if (alibi) sum -= alibi.slopes[h] * Math.abs(j - i - alibi.offsets[b]);
    if (relative) sum += table![tableIndex(relative, b, h, i, j)];
    return sum;
  };
}

/** Gradients of bias and table: [B, Hq, Tq, Tk] summed to their shapes. */
function biasGradientsOf(
  dBiased: ArrayLike<number>,
  { bias: { dense, relative }, batch, heads, queries, keys }: DotProductAttentionRequest,
): { dBias?: Float64Array; dTable?: Float64Array } {
  const dBias = dense && new Float64Array(sizeOf(dense));
  const dTable = relative && new Float64Array(relative.heads * (2 * relative.reach + 1));
  let n = 0;
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < queries; i++) {
        for (let j = 0; j < keys; j++, n++) {
          if (dBias) dBias[broadcastIndex(dense!, b, h, i, j)] += dBiased[n];
          if (dTable) dTable[tableIndex(relative!, b, h, i, j)] += dBiased[n];
        }
      }
    }
  }
  return { ...(dBias && { dBias }), ...(dTable && { dTable }) };
}

function tableIndex(
  { heads, reach, offsets }: NonNullable<BiasParts['relative']>,
  b: number,
  h: number,
  i: number,
  j: number,
): number {
  const distance = Math.min(Math.max(j - i - offsets[b], -reach), reach);
  return (heads === 1 ? 0 : h) * (2 * reach + 1) + distance + reach;
}

/** Kernels on tensors of the ops that mutants are made of: they read the inputs, compute, and write the outputs as float32 tensors of the engine in use. */
function onTensors(kernels: ArrayKernels) {
  const wrap =
    <Inputs extends object, Request extends OpRequest, Outputs extends object>(
      compute: (inputs: Arrays<Inputs>, request: Request) => Arrays<Outputs>,
    ) =>
    (inputs: Inputs, request: Request): Outputs => {
      const infos = inputs as Readonly<Record<string, TensorInfo>>;
      const read = Object.entries(infos).map(([name, { dataId }]) => [name, tf.backend().readSync(dataId)]);
      const outputs = compute(Object.fromEntries(read) as Arrays<Inputs>, request);
      const written = Object.entries(outputs as Readonly<Record<string, ArrayLike<number>>>).map(([name, values]) => {
        const shape = outputShape(name, infos, request);
        return [
          name,
          { dataId: tf.backend().write(Float32Array.from(values), shape, 'float32'), shape, dtype: 'float32' },
        ];
      });
      return Object.fromEntries(written) as Outputs;
    };
  return {
    dotProductAttention: {
      forward: wrap(kernels.dotProductAttention),
      backward: wrap(kernels.dotProductAttentionGrad),
    },
    additiveAttention: { forward: wrap(kernels.additiveAttention), backward: wrap(kernels.additiveAttentionGrad) },
    weightedContext: { forward: wrap(kernels.weightedContext), backward: wrap(kernels.weightedContextGrad) },
    linearAttention: { forward: wrap(kernels.linearAttention), backward: wrap(kernels.linearAttentionGrad) },
  } satisfies AttentionKernels;
}

/** Shape of an output, by the definition of its op; dQuery has the shape of query. */
function outputShape(name: string, inputs: Readonly<Record<string, TensorInfo>>, request: OpRequest): number[] {
  const { outputs }: Op = OPS[request.op];
  if (Object.hasOwn(outputs, name)) return [...outputs[name].shape(request)];
  return inputs[name.slice(1, 2).toLowerCase() + name.slice(2)].shape;
}
