import { MODEL_OPS, type ModelOp, type ModelOpName } from '@heed/core/model-ops';
import type { ModelInstance } from '../../model/example.js';
import type { Round } from '../arithmetic.js';
import { gelu, geluLayer, swish } from './activations.js';
import { gruReset, gruUpdate, lstmGates } from './cells.js';
import { conv2d } from './convolution.js';
import { dropout } from './dropout.js';
import type { Formula } from './formula.js';
import type { Grid, Grids } from './grid.js';
import { addBias, addResidual, layerNorm, maxoutLayer, rectifiedLayer, squaredRelu, tanhLayer } from './layers.js';
import { copyCrossEntropy, coverageLoss, crossEntropy } from './losses.js';
import { firstColumns, lookup, lookupSums, tensorScatter, toPositions, toSteps } from './moving.js';
import { rotaryEmbedding } from './rotary.js';
import { adam, squareSum } from './optimizer.js';
import { Tape } from '../tape.js';

const FORMULAS: { readonly [Name in ModelOpName]: Formula<Name> } = {
  lstmGates,
  gruReset,
  gruUpdate,
  lookup,
  lookupSums,
  addBias,
  addResidual,
  tanhLayer,
  rectifiedLayer,
  maxoutLayer,
  squaredRelu,
  gelu,
  geluLayer,
  swish,
  dropout,
  layerNorm,
  firstColumns,
  toPositions,
  toSteps,
  crossEntropy,
  copyCrossEntropy,
  coverageLoss,
  adam,
  squareSum,
  tensorScatter,
  rotaryEmbedding,
  conv2d,
};

/** What a model op is to give for an instance. */
export interface Evaluated {
  readonly results: Readonly<Record<string, { readonly shape: readonly number[]; readonly values: Float64Array }>>;
  /** Gradients of Σ result∘cotangent in each tensor of each input; absent for an op without a gradient. */
  readonly gradients?: Readonly<Record<string, readonly Float64Array[]>>;
}

/** @param pass 'forward' leaves the gradients out */
export function evaluateModel(
  { example, inputs, cotangents }: ModelInstance,
  round: Round,
  pass: 'forward' | 'both' = 'both',
): Evaluated {
  const tape = new Tape(round);
  const grids: Grids = Object.fromEntries(
    Object.entries(inputs).map(([name, tensors]) => [
      name,
      tensors.map(({ shape, values }): Grid => ({ shape, nodes: Array.from(values, (x) => tape.constant(x)) })),
    ]),
  );
  const formula = FORMULAS[example.op] as Formula<ModelOpName>;
  const grid = formula(tape, grids, example.options as never);
  const results = Object.fromEntries(
    Object.entries(grid).map(([name, { shape, nodes }]) => [
      name,
      { shape, values: Float64Array.from(nodes, (node) => tape.value(node)) },
    ]),
  );
  const op: ModelOp = MODEL_OPS[example.op];
  if (op.gradient === false || pass === 'forward') return { results };
  const names = Object.keys(grid);
  const all = tape.gradients(
    names.flatMap((name) => grid[name].nodes),
    names.flatMap((name) => Array.from(cotangents[name].values)),
  );
  const gradients = Object.fromEntries(
    Object.entries(grids).map(([name, tensors]) => [
      name,
      tensors.map(({ nodes }) => Float64Array.from(nodes, (node) => all[node])),
    ]),
  );
  return { results, gradients };
}
