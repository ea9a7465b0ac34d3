import type { BiasParts, Dropout, HookParts, MaskParts } from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { scoreHooks } from '../hooks/score-hooks.js';
import type { Pass } from '../pass.js';
import type { Scope } from '../scope.js';
import { scoreTerms } from '../score-terms.js';
import { dropoutPart } from '../wgsl/dropout.js';
import { FLOATS } from '../wgsl/floats.js';
import { EXP, LOG } from '../wgsl/functions.js';
import type { Pairing } from './pairing.js';

/** What every op of these passes is made of. Additive attention has one head, and its units for a width. */
export interface Sizes {
  readonly batch: number;
  readonly heads: number;
  readonly keyHeads: number;
  readonly queries: number;
  readonly keys: number;
  readonly width: number;
  readonly valueWidth: number;
}

interface Tensors {
  readonly query: TensorInfo;
  readonly key: TensorInfo;
  readonly value: TensorInfo;
  readonly mask?: TensorInfo;
  readonly bias?: TensorInfo;
  readonly table?: TensorInfo;
  readonly captures?: TensorInfo;
}

interface Parts {
  readonly mask: MaskParts;
  readonly bias?: BiasParts;
  readonly dropout: Dropout | null;
}

type AllParts = Parts & Partial<HookParts>;

/** What the passes of a call share: sizes, tensors, and how a query and a key become a score, and a score a weight. */
export interface Scores extends Required<Pick<Pass, 'integers' | 'floats' | 'code'>> {
  readonly sizes: Sizes;
  readonly pairing: Pairing;
  readonly bias: BiasParts;
  readonly hooks: Partial<HookParts>;
  /** Whether weights aren't known before their normaliser is, since a hook changes them. */
  readonly changesWeights: boolean;
  /** Those that scores are made of: `Q`, `K`, and those of the pairing, masks and biases. */
  readonly inputs: Pass['inputs'];
  readonly value: TensorInfo;
}

export function scoresOf(scope: Scope, tensors: Tensors, sizes: Sizes, parts: AllParts, pairing: Pairing): Scores {
  const { query, key, value } = tensors;
  const { batch, heads, keyHeads } = sizes;
  const terms = scoreTerms(scope, parts, sizes, tensors);
  const dropping = dropoutPart(parts.dropout);
  const code = [FLOATS, EXP, LOG, pairing.code].join('\n');
  const hooks = scoreHooks(parts, tensors.captures, code);
  return {
    sizes,
    pairing,
    bias: parts.bias ?? {},
    hooks: parts,
    changesWeights: Boolean(parts.weightHook),
    inputs: { Q: query, K: key, ...pairing.inputs, ...terms.inputs, ...hooks.inputs },
    value,
    integers: { batch, heads, keyHeads, ...terms.integers, ...dropping.integers, ...hooks.integers },
    floats: { ...pairing.floats, ...dropping.floats },
    code: `${code}
${hooks.code}
${terms.code}
${dropping.code}
${SCORE}`,
  };
}

/** The lowest number as a constant. */
export const MASKED = 'const MASKED = -3.4028234663852886e38;';

/** The score of what takes no part is the lowest number, also where the true score is −∞. */
const SCORE = `
${MASKED}
fn isMasked(score: f32) -> bool { return bitcast<u32>(score) == 0xff7fffffu; }
fn areMasked(scores: vec4f) -> vec4<bool> { return bitcast<vec4u>(scores) == vec4u(0xff7fffffu); }
fn scoreOf(b: i32, h: i32, i: i32, j: i32, product: f32) -> f32 {
  let extra = bias(b, h, i, j);
  let score = hookedScore(b, h, i, j, capped(product) + extra);
  let takesPart = open(b, h, i, j) & hookOpens(b, h, i, j) & !isMinusInfinity(extra) & !isMinusInfinity(score);
  return select(MASKED, score, takesPart);
}
fn inBiased(b: i32, h: i32, i: i32, j: i32, product: f32, gradient: f32) -> f32 {
  return inRawScore(b, h, i, j, capped(product) + bias(b, h, i, j), gradient);
}
fn keyHead(b: i32, h: i32) -> i32 { return b * u.keyHeads + h / (u.heads / u.keyHeads); }
fn weightOf(score: f32, logSumExp: f32, remainder: f32) -> f32 {
  return select(exponential((score - logSumExp) - remainder), 0.0, isMasked(score));
}`;
