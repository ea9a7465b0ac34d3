import type * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { DotProductComparison } from '../comparison.js';
import { addOneHead, type MechanismUse } from '../cost/mechanism-use.js';
import type { Tally } from '../cost/tally.js';
import type { Parameters } from '../definition.js';
import { positive, seed, width } from '../fields.js';
import { glorotUniform } from '../initializers.js';
import { linear } from '../linear.js';
import type { ParameterSpec } from '../parameters.js';
import type { Projection } from '../projection.js';

const SCORES = ['general', 'dot'] as const;

/** What both kinds of Luong's local attention have. */
export interface LuongLocalOptions {
  readonly queryWidth: number;
  readonly memoryWidth: number;
  /** 'general' by default, sᵀ W h; or 'dot', sᵀ h, for a query and a memory of one width. */
  readonly score?: (typeof SCORES)[number];
  /** D, how far on either side of its place a step sees; 10 by default, as in the paper. */
  readonly halfWidth?: number;
  /** Seed of the initial parameters. */
  readonly seed: number;
  /** Begins the variables' names; the kind by default. */
  readonly name?: string;
}

export const luongLocalFields = {
  queryWidth: width,
  memoryWidth: width,
  score: v.optional(v.picklist(SCORES), 'general'),
  halfWidth: v.optional(positive, 10),
  seed,
};

type Config = Omit<Required<LuongLocalOptions>, 'name'>;

/** Whether widths suit the score. */
export const suitsScore = ({ score, queryWidth, memoryWidth }: Config): boolean =>
  score === 'general' || queryWidth === memoryWidth;

/** What is said when they don't. */
export const UNSUITED = "score 'dot' compares query and memory as they are: queryWidth and memoryWidth must be equal";

/** kernel W [Q, M] of general scores. */
export function luongParameters({ score, queryWidth, memoryWidth, seed }: Config): Record<string, ParameterSpec> {
  const shape = [queryWidth, memoryWidth] as const;
  return score === 'dot' ? {} : { kernel: { shape, initial: () => glorotUniform(shape, { seed, stream: 'kernel' }) } };
}

export const compareByLuong = (
  query: tf.Tensor3D,
  { keys, values }: Projection,
  { kernel }: Parameters,
): DotProductComparison => ({
  op: 'dotProductAttention',
  query: kernel === undefined ? query : linear(query, kernel),
  key: keys,
  value: values,
  scale: 1,
});

export function addLuong(tally: Tally, { score, queryWidth, memoryWidth }: Config, use: MechanismUse): void {
  if (score === 'general') {
    tally.parameters(queryWidth * memoryWidth);
    tally.product({ m: use.batch * use.queries, k: queryWidth, n: memoryWidth }, use.calls);
  }
  addOneHead(tally, use, { width: memoryWidth, valueWidth: memoryWidth });
}
