import type { DotProductAttentionRequest } from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Pass } from '../pass.js';
import type { Scope } from '../scope.js';
import { scoreTerms } from '../score-terms.js';
import { dropoutPart } from '../wgsl/dropout.js';
import { FLOATS } from '../wgsl/floats.js';
import { EXP, LOG, TANH } from '../wgsl/functions.js';

/** Tensors that scores are made of, and what the passes of an op share: how a product becomes a score, and a score a weight. */
export interface DotScores extends Required<Pick<Pass, 'inputs' | 'integers' | 'floats' | 'code'>> {
  readonly request: DotProductAttentionRequest;
}

interface Tensors {
  readonly query: TensorInfo;
  readonly key: TensorInfo;
  readonly value: TensorInfo;
  readonly mask?: TensorInfo;
  readonly bias?: TensorInfo;
  readonly table?: TensorInfo;
}

export function dotScores(scope: Scope, tensors: Tensors, request: DotProductAttentionRequest): DotScores {
  const { query, key, value } = tensors;
  const { batch, heads, keyHeads, scale, softCap, dropout } = request;
  const terms = scoreTerms(scope, request, request, tensors);
  const dropping = dropoutPart(dropout);
  return {
    request,
    inputs: { Q: query, K: key, V: value, ...terms.inputs },
    integers: { batch, heads, keyHeads, ...terms.integers, ...dropping.integers },
    floats: { scale, ...(softCap !== null && { softCap }), ...dropping.floats },
    code: `${FLOATS}
${EXP}
${LOG}
${softCap === null ? '' : TANH}
${terms.code}
${dropping.code}
${softCap === null ? UNCAPPED : CAPPED}
${SCORE}`,
  };
}

const UNCAPPED = `
fn capped(product: f32) -> f32 { return product; }
fn slopeOfCap(product: f32) -> f32 { return 1.0; }`;

/** A ratio that is too small for a float may be taken for 0: far below the cap the score is what it is. */
const CAPPED = `
fn capped(product: f32) -> f32 {
  if (abs(product) < 1e-4 * u.softCap) { return product; }
  return u.softCap * tangent(product / u.softCap);
}
fn slopeOfCap(product: f32) -> f32 { return slopeOfTangent(product / u.softCap); }`;

/** The score of what takes no part is the lowest number, also where the true score is −∞. */
const SCORE = `
const MASKED = -3.4028234663852886e38;
fn isMasked(score: f32) -> bool { return bitcast<u32>(score) == 0xff7fffffu; }
fn scoreOf(b: i32, h: i32, i: i32, j: i32, product: f32) -> f32 {
  let extra = bias(b, h, i, j);
  let score = capped(product) + extra;
  let takesPart = open(b, h, i, j) & !isMinusInfinity(extra) & !isMinusInfinity(score);
  return select(MASKED, score, takesPart);
}
fn keyHead(b: i32, h: i32) -> i32 { return b * u.keyHeads + h / (u.heads / u.keyHeads); }
fn weightOf(score: f32, logSumExp: f32, remainder: f32) -> f32 {
  return select(exponential((score - logSumExp) - remainder), 0.0, isMasked(score));
}`;
