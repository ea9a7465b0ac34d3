import type { Tensor } from '@tensorflow/tfjs-core';
import * as model from '@heed/core/model-ops';
import type { ModelOpName } from '@heed/core/model-ops';
import type { ModelExample, ModelOptions } from './example.js';

type Tensors = Readonly<Record<string, readonly Tensor[]>>;
type Results = Readonly<Record<string, Tensor>>;
type Call<Name extends ModelOpName> = (inputs: Tensors, options: ModelOptions[Name]) => Results;

/** Calls the public function of the example's op, as a user would. */
export const callModel = ({ op, options }: ModelExample, inputs: Tensors): Results =>
  (CALLS[op] as Call<ModelOpName>)(inputs, options as never);

const CALLS: { readonly [Name in ModelOpName]: Call<Name> } = {
  lstmGates: ({ terms, state }, { active }) => ({ next: model.lstmGates(rows(terms), row(state), bytes(active)) }),
  gruReset: ({ terms, state }) => ({ opened: model.gruReset(rows(terms), row(state)) }),
  gruUpdate: ({ terms, opened, state }, { active }) => ({
    next: model.gruUpdate(rows(terms), row(opened), row(state), bytes(active)),
  }),
  lookup: ({ table }, { ids }) => ({ rows: model.lookup(row(table), Int32Array.from(ids)) }),
  lookupSums: ({ table }, { from, to, factors, rows }) => {
    const sums = { from: Int32Array.from(from), to: Int32Array.from(to), factors: Float32Array.from(factors), rows };
    return { sums: model.lookupSums(row(table), sums) };
  },
  addBias: ({ x, bias }) => ({ y: model.addBias(row(x), vector(bias)) }),
  addResidual: ({ x, y, bias }) => ({ sum: model.addResidual(row(x), row(y), vector(bias)) }),
  tanhLayer: ({ terms, bias }) => ({ y: model.tanhLayer(rows(terms), vector(bias)) }),
  rectifiedLayer: ({ x, bias }) => ({ y: model.rectifiedLayer(row(x), vector(bias)) }),
  maxoutLayer: ({ terms, bias }) => ({ y: model.maxoutLayer(rows(terms), vector(bias)) }),
  squaredRelu: ({ x }) => ({ y: model.squaredRelu(row(x)) }),
  gelu: ({ x: [x] }, { approximate }) => ({ y: model.gelu(x, approximate) }),
  geluLayer: ({ x, bias }, { approximate }) => ({ y: model.geluLayer(row(x), vector(bias), approximate) }),
  swish: ({ x: [x] }, { beta }) => ({ y: model.swish(x, beta) }),
  dropout: ({ x: [x] }, { rate, ...purpose }) => ({ y: model.dropout(x, rate, { ...purpose, stream: 'models' }) }),
  layerNorm: ({ x, gain, bias }) => ({ y: model.layerNorm(row(x), vector(gain), vector(bias)) }),
  firstColumns: ({ x }, { count }) => ({ y: model.firstColumns(row(x), count) }),
  toPositions({ states }, { directions, lengths }) {
    const time = states.length / directions.length;
    const byDirection = directions.map((direction, d) => [direction, states.slice(d * time, (d + 1) * time)]);
    return {
      memory: model.toPositions(
        Object.fromEntries(byDirection) as Parameters<typeof model.toPositions>[0],
        Int32Array.from(lengths),
      ),
    };
  },
  toSteps: ({ x: [x] }, { direction, lengths }) => ({
    steps: model.toSteps(x as Parameters<typeof model.toSteps>[0], direction, Int32Array.from(lengths)),
  }),
  crossEntropy: ({ logits }, options) => ({ loss: model.crossEntropy(row(logits), targets(options)) }),
  copyCrossEntropy: ({ logits, gates, weights }, options) => ({
    loss: model.copyCrossEntropy(
      { logits: row(logits), gates: row(gates), weights: row(weights) },
      targets(options),
      copiesOf(options.sources, logits[0].shape[1]!),
    ),
  }),
  coverageLoss: ({ weights, coverage }, { counts }) => ({
    loss: model.coverageLoss(row(weights), row(coverage), Float32Array.from(counts)),
  }),
  adam: ({ value, gradient, mean, square }, options) =>
    model.adam({ value: value[0], gradient: gradient[0], mean: mean[0], square: square[0] }, options),
  squareSum: ({ tensors }) => ({ sum: model.squareSum(tensors) }),
  tensorScatter: ({ cache: [cache], update: [update] }, options) => ({
    present: model.tensorScatter(cache, update, options),
  }),
  rotaryEmbedding: ({ x: [x], cos, sin }, { rows, ...options }) => ({
    y: model.rotaryEmbedding(
      x as Parameters<typeof model.rotaryEmbedding>[0],
      { cos: row(cos), sin: row(sin) },
      { ...options, ...(rows && { rows: Int32Array.from(rows) }) },
    ),
  }),
  conv2d: ({ x: [x], filter: [filter] }, options) => ({
    y: model.conv2d(x as Pictures, filter as Pictures, options),
  }),
};

type Matrix = Parameters<typeof model.addBias>[0];
type Pictures = Parameters<typeof model.conv2d>[0];
type Vector = Parameters<typeof model.addBias>[1];

const rows = (tensors: readonly Tensor[]): readonly Matrix[] => tensors as readonly Matrix[];
const row = ([tensor]: readonly Tensor[]): Matrix => tensor as Matrix;
const vector = ([tensor]: readonly Tensor[]): Vector => tensor as Vector;
const bytes = (active?: readonly number[]): Uint8Array | undefined => active && Uint8Array.from(active);

const targets = ({ ids, weights, smoothing }: ModelOptions['crossEntropy']): model.TargetAttributes => ({
  ids: Int32Array.from(ids),
  weights: Float32Array.from(weights),
  smoothing,
});

/** Sources of numbers as the op wants them, with the numbers from V on being beyond the vocabulary. */
function copiesOf(sources: readonly (readonly number[])[], vocabularySize: number): model.Copies {
  const time = Math.max(...sources.map(({ length }) => length));
  const ids = new Int32Array(sources.length * time).fill(-1);
  sources.forEach((source, b) => ids.set(source, b * time));
  const occurrences = sources.map((source) =>
    [...new Set(source)].map((id) => ({ id, positions: source.flatMap((symbol, j) => (symbol === id ? [j] : [])) })),
  );
  const size = Math.max(vocabularySize, ...sources.flat().map((id) => id + 1));
  return { ids, batch: sources.length, time, vocabularySize, size, occurrences };
}
