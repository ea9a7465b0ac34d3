import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { rotaryFrequencies, turningAnew, type RotaryConfig, type Turned } from '@heed/attention';
import { both, causal, dense, dotProductAttention, slidingWindow, type Bias, type Mask } from '@heed/core';
import type { Parameter } from '../parameters.js';
import type { KeyValueCache } from './key-value-cache.js';
import type { Layer, Rows } from './layer.js';
import type { Project } from './project.js';
import type { Turnings } from './turnings.js';

/** What makes one layer of attention. */
export interface AttentionParts {
  readonly heads: number;
  /** Number of heads of keys and values; `heads` by default. */
  readonly keyHeads?: number;
  /** Width of a head's queries, keys and values. */
  readonly headWidth: number;
  readonly project: Project;
  readonly output: Layer;
  /** Factor of the scores; 1/√headWidth by default. */
  readonly scale?: number;
  readonly softCap?: number | undefined;
  /** Whether a position sees none that come after it. */
  readonly causal?: boolean;
  /** Number of positions that a position sees, itself included. */
  readonly window?: number | undefined;
  /** How queries and keys turn by their positions; pairs are of the halves of a head. */
  readonly rotary?: Omit<RotaryConfig, 'layout'> | undefined;
  /** Norms of each head's queries and keys, before they turn. */
  readonly queryNorm?: Layer | undefined;
  readonly keyNorm?: Layer | undefined;
  /** One more logit of each head, [heads], whose share of the softmax goes to no value. */
  readonly sinks?: Parameter | undefined;
}

export interface AttentionCall {
  readonly batch: number;
  /** Positions of the rows, a list for each sequence. */
  readonly positions: readonly Int32Array[];
  /** Which keys are real, bool [B, Tk]; all of them when absent. */
  readonly present?: tf.Tensor2D | undefined;
  readonly bias?: Bias | undefined;
  /** What is attended to, [B·Tk, width]; the rows themselves when absent. */
  readonly source?: Rows | undefined;
  /** Keys and values of before, which the new ones are appended to, and of how many positions they are. */
  readonly cache?: KeyValueCache | undefined;
  readonly before?: number;
  /** What turns queries and keys by tables that are there already; these are made anew when absent. */
  readonly turnings?: Turnings | undefined;
  readonly returnWeights: boolean;
}

interface Attended {
  /** [B·Tq, width] */
  readonly rows: Rows;
  /** [B, heads, Tq, Tk], when asked for. */
  readonly weights: tf.Tensor4D | undefined;
}

/** Attention of rows to themselves and those before them, or to a source. */
export type Attention = (rows: Rows, call: AttentionCall) => Attended;

/** @throws HeedError CONFIG_INVALID for heads that don't divide their width, or heads of keys that don't divide those of queries */
function checkHeads({ heads, keyHeads = heads, headWidth }: AttentionParts): void {
  if (Number.isInteger(headWidth) && headWidth > 0 && heads % keyHeads === 0) return;
  throw new HeedError('CONFIG_INVALID', {
    message: `attention has ${heads} heads of width ${headWidth}, and ${keyHeads} of keys`,
    hint: 'the number of heads divides the width, and that of key heads the number of heads',
    details: { heads, keyHeads, headWidth },
  });
}

/** @throws HeedError INVALID_ARGUMENT for positions that can't turn so */
function checkTurns({ config, width: headWidth }: Turned): void {
  const { layout: _, width = headWidth, ...rest } = config;
  rotaryFrequencies({ width, ...rest });
}

/**
 * Multi-head attention, on the fused ops of the backend that is in use.
 *
 * @throws HeedError CONFIG_INVALID, INVALID_ARGUMENT
 */
export function attention(parts: AttentionParts): Attention {
  checkHeads(parts);
  const { heads, keyHeads = heads, headWidth, scale = 1 / Math.sqrt(headWidth), softCap, sinks } = parts;
  const turns: Turned | undefined = parts.rotary && { config: { ...parts.rotary, layout: 'half' }, width: headWidth };
  if (turns !== undefined) checkTurns(turns);
  const layer = (rows: Rows, call: AttentionCall): Attended => {
    const intoHeads = (x: Rows, count: number, norm?: Layer): tf.Tensor4D => {
      const each = norm?.(tf.reshape(x, [-1, headWidth])) ?? x;
      return tf.transpose(tf.reshape<tf.Rank.R4>(each, [call.batch, -1, count, headWidth]), [0, 2, 1, 3]);
    };
    const turn = turns && (call.turnings?.of(turns) ?? turningAnew(turns));
    const turned = (x: tf.Tensor4D): tf.Tensor4D => turn?.turn(x, { positions: call.positions }) ?? x;

    const { query, memory } = parts.project(rows, call.source ?? rows);
    const prepare = (): { key: tf.Tensor4D; value: tf.Tensor4D } => {
      const [key, value] = memory();
      return { key: turned(intoHeads(key, keyHeads, parts.keyNorm)), value: intoHeads(value, keyHeads) };
    };
    const { cache } = call;
    const remember = call.source === undefined ? cache?.append : cache?.once;
    const { key, value } = remember?.(layer, prepare) ?? prepare();
    const seen = dotProductAttention(turned(intoHeads(query, heads, parts.queryNorm)), key, value, {
      scale,
      mask: maskOf(parts, call, key.shape[2]),
      ...(softCap !== undefined && { softCap }),
      ...(call.bias !== undefined && { bias: call.bias }),
      returnWeights: call.returnWeights,
      returnLogSumExp: sinks !== undefined,
    });
    let { context, weights } = seen;
    if (sinks !== undefined) {
      // With one more term in its sum, a softmax shrinks by the share that the others have of the new sum.
      const logits = tf.reshape(sinks.tensor(), [1, heads, 1]);
      const share = tf.expandDims(tf.sigmoid(tf.sub(seen.logSumExp!, logits)), -1);
      context = tf.mul(context, share);
      if (weights !== undefined) weights = tf.mul(weights, share);
    }
    const together = tf.reshape(tf.transpose(context, [0, 2, 1, 3]), [-1, heads * headWidth]) as Rows;
    return { rows: parts.output(together), weights };
  };
  return layer;
}

/** @param keys how many there are, room in the cache included, which a causal mask hides */
function maskOf(
  { causal: isCausal, window }: AttentionParts,
  { present, before = 0 }: AttentionCall,
  keys: number,
): Mask {
  const masks: Mask[] = [];
  if (isCausal === true) masks.push(causal({ offset: before }));
  if (window !== undefined) {
    masks.push(slidingWindow({ left: window - 1, ...(isCausal !== true && { right: window - 1 }), offset: before }));
  }
  if (present !== undefined) masks.push(dense(widened(present, keys), { axes: 'bk' }));
  return both(...masks);
}

function widened(present: tf.Tensor2D, keys: number): tf.Tensor2D {
  const [batch, known] = present.shape;
  return known === keys ? present : tf.concat([present, tf.zeros<tf.Rank.R2>([batch, keys - known], 'bool')], 1);
}
