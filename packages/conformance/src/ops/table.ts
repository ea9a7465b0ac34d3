import type { OpName } from '@heed/core';
import type { Example, ScoreSizes } from '../example.js';
import { testedAdditive, type AdditiveExample } from './additive.js';
import type { TestedOp } from './define.js';
import { testedDotProduct, type DotProductExample } from './dot-product.js';
import { testedLinear, type LinearExample } from './linear.js';
import { testedWeighted, type WeightedExample } from './weighted.js';

/** Ops that the suite tests: all of core's, by name. */
export const TESTED_OPS: Readonly<Record<OpName, TestedOp>> = {
  dotProductAttention: testedDotProduct,
  additiveAttention: testedAdditive,
  weightedContext: testedWeighted,
  linearAttention: testedLinear,
};

/** An example of one of the ops, with its own fields. */
export type OpExample = DotProductExample | AdditiveExample | WeightedExample | LinearExample;

/** Op of an example. */
export const opOf = ({ op }: Pick<Example, 'op'>): TestedOp => TESTED_OPS[op];

/** Sizes of an example's scores. */
export const scoreSizes = (example: Example): ScoreSizes => opOf(example).scores(example);
