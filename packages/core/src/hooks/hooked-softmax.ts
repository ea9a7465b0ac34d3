import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { alive, maskScores, select, softmaxBackward, softmaxRows, type SoftmaxRows } from '../composed/shared.js';
import { hookGradients, runHook, type HookPlace } from './composed.js';
import type { HookParts } from './hook-parts.js';

/** Softmax of scores with hooks, in the composed forms. */
export interface HookedRows extends SoftmaxRows {
  /** After the weight hook; 0 where masked. */
  readonly weights: Tensor;
  /** Where mask and hooks let a query attend; undefined for everywhere. */
  readonly allowed: Tensor | undefined;
  /** Before the weight hook. */
  readonly normalized: Tensor;
  /** After the score hook, −∞ where masked. */
  readonly scores: Tensor;
}

/** @param raw scores before the score hook, [B, H, Tq, Tk] @param open where the mask lets a query attend */
export function hookedSoftmax(raw: Tensor, open: Tensor | undefined, hooks: HookParts, place: HookPlace): HookedRows {
  const { scoreHook, maskHook, weightHook } = hooks;
  let hooked = raw;
  let allowed = open;
  const allow = (more: Tensor): Tensor => (allowed === undefined ? more : tf.logicalAnd(allowed, more));
  if (maskHook !== null) allowed = allow(runHook(maskHook, place));
  if (scoreHook !== null) {
    hooked = runHook(scoreHook, place, raw);
    allowed = allow(alive(hooked)); // as −∞ in a bias does
  }
  const scores = maskScores(hooked, allowed);
  const { weights: normalized, ...sums } = softmaxRows(scores);
  const weights = weightHook === null ? normalized : select(alive(scores), runHook(weightHook, place, normalized), 0);
  return { ...sums, scores, allowed, normalized, weights };
}

/** Gradients in the raw scores and in what the hooks captured, given those in the weights and in logSumExp. */
export function hookedBackward(
  raw: Tensor,
  { scores, normalized }: HookedRows,
  dWeights: Tensor,
  dLogSumExp: Tensor,
  { scoreHook, weightHook }: HookParts,
  place: HookPlace,
): { readonly dRaw: Tensor; readonly dCaptures?: Tensor } {
  const open = alive(scores);
  const inWeights = weightHook && hookGradients(weightHook, place, normalized, dWeights, open);
  const dHooked = softmaxBackward(scores, normalized, inWeights?.input ?? dWeights, dLogSumExp);
  const inScores = scoreHook && hookGradients(scoreHook, place, raw, dHooked, open);
  const dRaw = inScores?.input ?? dHooked;
  if (place.captures === undefined) return { dRaw };
  const found = [inWeights, inScores].flatMap((gradients) => gradients?.captures ?? []);
  return { dRaw, dCaptures: found.reduce((a, b) => tf.add(a, b), tf.zerosLike(place.captures)) };
}
