import { maskOf, scoreSizes, type Instance, type OutputName, type Example } from '../example.js';
import { additive, additiveBackward, type Additive } from './additive.js';
import type { Aggregated, Cotangents } from './aggregation.js';
import type { Round } from './arithmetic.js';
import { biasAt, biasGradients } from './biases.js';
import { dotProduct, dotProductBackward, type DotProduct } from './dot-product.js';
import { attendance } from './masks.js';
import { dropoutFactor } from './philox.js';
import { weighted, weightedBackward, type Weighted } from './weighted.js';

/** What the op means: the outputs that an instance asks for, in exact (float64) or in naive float32 arithmetic. */
export function evaluate(instance: Instance, round: Round): Readonly<Partial<Record<OutputName, Float64Array>>> {
  const { context, weights, logSumExp } = forward(instance, round);
  const asked = outputsOf(instance.example);
  return {
    context,
    ...(asked.includes('weights') && { weights }),
    ...(asked.includes('logSumExp') && { logSumExp }),
  };
}

/** The gradients of Σ output∘cotangent, by the name of the input. */
export function evaluateGradients(instance: Instance, round: Round): Record<string, Float64Array> {
  const cotangents: Cotangents = {
    context: instance.cotangents.context?.values,
    weights: instance.cotangents.weights?.values,
    logSumExp: instance.cotangents.logSumExp?.values,
  };
  if (isOp(instance, 'dotProductAttention')) {
    const { dQuery, dKey, dValue, dBiased } = dotProductBackward(dotOf(instance, round), cotangents, round);
    const sizes = scoreSizes(instance.example);
    return { query: dQuery, key: dKey, value: dValue, ...biasGradients(instance.bias, dBiased, sizes, round) };
  }
  if (isOp(instance, 'additiveAttention')) {
    const { dQuery, dKey, dVector, dValue } = additiveBackward(additiveOf(instance), cotangents, round);
    return { query: dQuery, key: dKey, vector: dVector, value: dValue };
  }
  const { dScores, dValue } = weightedBackward(weightedOf(instance as Of<'weightedContext'>), cotangents, round);
  return { scores: dScores, value: dValue };
}

/** All outputs of the example, the context first. */
export function outputsOf(example: Example): OutputName[] {
  return ['context', ...(example.outputs ?? [])];
}

type Of<Op extends Example['op']> = Instance<Extract<Example, { op: Op }>>;

function isOp<Op extends Example['op']>(instance: Instance, op: Op): instance is Of<Op> {
  return instance.example.op === op;
}

function forward(instance: Instance, round: Round): Aggregated {
  if (isOp(instance, 'dotProductAttention')) return dotProduct(dotOf(instance, round), round);
  if (isOp(instance, 'additiveAttention')) return additive(additiveOf(instance), round);
  return weighted(weightedOf(instance as Of<'weightedContext'>), round);
}

function dotOf(instance: Of<'dotProductAttention'>, round: Round): DotProduct {
  const { example, inputs, bias } = instance;
  const sizes = scoreSizes(example);
  return {
    ...example,
    query: inputs['query'].values,
    key: inputs['key'].values,
    value: inputs['value'].values,
    scale: example.scale ?? 1 / Math.sqrt(example.width),
    softCap: example.softCap ?? null,
    keyHeadOf: (h) => Math.floor(h / (example.heads / example.keyHeads)),
    attends: attendance(maskOf(instance), sizes),
    bias: biasAt(bias, sizes, round),
    dropout: dropoutFactor(example.dropout),
  };
}

function additiveOf(instance: Of<'additiveAttention'>): Additive {
  const { example, inputs } = instance;
  return {
    ...example,
    query: inputs['query'].values,
    key: inputs['key'].values,
    vector: inputs['vector'].values,
    value: inputs['value'].values,
    attends: attendance(maskOf(instance), scoreSizes(example)),
    dropout: dropoutFactor(example.dropout),
  };
}

function weightedOf(instance: Of<'weightedContext'>): Weighted {
  const { example, inputs } = instance;
  const sizes = scoreSizes(example);
  return {
    ...example,
    ...sizes,
    scores: inputs['scores'].values,
    value: inputs['value'].values,
    normalizer: example.normalizer ?? 'softmax',
    attends: attendance(maskOf(instance), sizes),
    dropout: dropoutFactor(example.dropout),
  };
}
