import * as tf from '@tensorflow/tfjs-core';
import type { BoundMechanism, MechanismChoice, MultiHeadOptions } from '@heed/attention';
import { addResidual } from '@heed/core/model-ops';
import type { Dropout } from './dropout.js';
import { createFeedForward, type FeedForward, type FeedForwardOptions } from './feed-forward.js';
import { createLayerNorm, type LayerNorm } from './layer-norm.js';
import { adoptMechanism, fitted } from './mechanism.js';
import type { Parameters } from './parameters.js';

/** What a sub-layer has around it: a norm of its input, or of the sum after it, and dropout of its output before they are added. */
interface Sublayer {
  readonly norm: LayerNorm;
  /** Name of its dropout, see `Dropout`. */
  readonly site: string;
}

/** Multi-head attention as part of a block. */
export interface AttentionSublayer extends Sublayer {
  readonly mechanism: BoundMechanism;
}

/** A feed-forward layer as part of a block. */
export interface FeedForwardSublayer extends Sublayer {
  readonly feedForward: FeedForward;
}

/**
 * One block of a transformer. By default it normalises before each part instead of after, so that many blocks train without a long
 * warm-up. Without and with attention to a source:
 *
 *   x ← x + attention(norm(x)); [x ← x + crossAttention(norm(x));] x ← x + feedForward(norm(x))
 *
 * With the norms after the sums, as in the first transformers: x ← norm(x + attention(x)), and so on.
 *
 * @see Vaswani et al. 2017, arXiv:1706.03762, §3.1–3.3; Xiong et al. 2020, arXiv:2002.04745, for the place of the norm
 */
export interface TransformerBlock {
  readonly attention: AttentionSublayer;
  readonly crossAttention?: AttentionSublayer;
  readonly feedForward: FeedForwardSublayer;
  /** Where the norms are: 'before' each part, or 'after' what it gives was added. 'before' by default. */
  readonly norms?: 'before' | 'after';
  /** x [N, I] → [N, E], of a block whose results are wider than what it is given: what attention's are added to. */
  readonly widen?: (x: tf.Tensor2D) => tf.Tensor2D;
}

/** How the attention of a block is called: that depends on what is masked, kept and asked for. */
export interface BlockPass {
  /** Attention of the rows to themselves: [N, I], normalised where norms are before → contexts [N, E]. */
  attend(rows: tf.Tensor2D, mechanism: BoundMechanism): tf.Tensor2D;
  /** Attention to the source, of a block that has one: [N, E], normalised where norms are before → contexts [N, E]. */
  attendToSource?(rows: tf.Tensor2D, mechanism: BoundMechanism): tf.Tensor2D;
  readonly dropout?: Dropout | undefined;
}

/** x [N, I] → [N, E], through the parts of a block. */
export function throughBlock(block: TransformerBlock, x: tf.Tensor2D, pass: BlockPass): tf.Tensor2D {
  const { attention, crossAttention, feedForward, norms = 'before', widen } = block;
  const drop: Dropout = pass.dropout ?? ((y) => y);
  const before: Normed = norms === 'before' ? ({ norm }, y) => norm(y) : (_, y) => y;
  const after: Normed = norms === 'after' ? ({ norm }, y) => norm(y) : (_, y) => y;
  const seen = pass.attend(before(attention, x), attention.mechanism);
  let y = after(attention, tf.add(widen === undefined ? x : widen(x), drop(seen, attention.site)));
  if (crossAttention !== undefined) {
    const context = pass.attendToSource!(before(crossAttention, y), crossAttention.mechanism);
    y = after(crossAttention, tf.add(y, drop(context, crossAttention.site)));
  }
  const { apply, bias } = feedForward.feedForward;
  const output = drop(apply(before(feedForward, y)), feedForward.site);
  return after(feedForward, bias === undefined ? tf.add(y, output) : addResidual(y, output, bias));
}

type Normed = (part: Sublayer, x: tf.Tensor2D) => tf.Tensor2D;

interface SublayerOptions {
  /** Prefix of the norm's parameters; `${key}_norm` by default. */
  readonly normKey?: string;
  /** Name of the dropout; the key by default. */
  readonly site?: string;
  /** ε of the norm. */
  readonly epsilon?: number;
}

/** Options of attention of rows of one width to rows of the same. */
interface Rows extends SublayerOptions {
  /** I, width of the rows; that of the contexts, too, unless the mechanism has another. */
  readonly width: number;
}

/** Options of multi-head attention, which is the kind that needs no name, or of a mechanism by its kind. */
export type AttentionSublayerOptions = Rows &
  (Omit<MultiHeadOptions, 'queryWidth' | 'memoryWidth' | 'seed'> | MechanismChoice) & {
    /** Seed of the mechanism's initial parameters. */
    readonly seed: number;
  };

/**
 * Attention with a norm before it; its parameters are those of the mechanism, under `key/`.
 *
 * @throws HeedError CONFIG_INVALID, UNKNOWN_NAME (the kind); for given values CHECKPOINT_INVALID, SHAPE_MISMATCH, NOT_FINITE
 * @see Vaswani et al. 2017, arXiv:1706.03762, §3.2.2
 */
export function createAttentionSublayer(
  parameters: Parameters,
  key: string,
  { normKey = `${key}_norm`, site = key, epsilon, width, seed, ...options }: AttentionSublayerOptions,
): AttentionSublayer {
  const norm = createLayerNorm(parameters, normKey, width, epsilon);
  const config = fitted({ kind: 'multiHead', ...options }, { queryWidth: width, memoryWidth: width, seed });
  return { norm, mechanism: adoptMechanism(parameters, key, config), site };
}

/** A feed-forward layer with a norm before it; its parameters are under `key/`. */
export function createFeedForwardSublayer(
  parameters: Parameters,
  key: string,
  { normKey = `${key}_norm`, site = key, epsilon, ...options }: SublayerOptions & FeedForwardOptions,
): FeedForwardSublayer {
  const norm = createLayerNorm(parameters, normKey, options.width, epsilon);
  return { norm, feedForward: createFeedForward(parameters, key, options), site };
}
