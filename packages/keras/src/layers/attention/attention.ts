import * as tf from '@tensorflow/tfjs-core';
import type { serialization, Tensor } from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable } from '@tensorflow/tfjs-layers';
import { checkName } from '@heed/base';
import { additiveAttention, dotProductAttention } from '@heed/core';
import { checkLayerArgs } from '../layer-args.js';
import { SCORE_ARGS, ScoreLayer, type ScoreArgs } from './score-layer.js';
import type { Weighed, WeighOptions } from './uniform-rows.js';

const SCORE_MODES = ['dot', 'concat'] as const;

export interface AttentionArgs extends ScoreArgs {
  /** 'dot', q·k, by default; or 'concat', the sum of tanh(q + k). */
  readonly scoreMode?: (typeof SCORE_MODES)[number];
}

/**
 * Keras's `Attention` in one fused kernel: inputs [query, value] or [query, value, key], [B, Tq, D], [B, Tk, Dv] and [B, Tk, D] → [B, Tq, Dv],
 * and the weights [B, Tq, Tk], after dropout, when `returnAttentionScores` asks for them. Weights: `scale` [] where there is one, and
 * `concat_score_weight` [] for 'concat'. Scores aren't divided by √D.
 *
 * Where Keras differs from the rest of Heed, this layer does as Keras does: `mask` is the list [queryMask, valueMask]; a causal mask is
 * aligned to the top left also where Tq ≠ Tk; masked queries give zeros; and a query that may attend to no key has equal weights for all
 * keys, padding too, through which gradients flow.
 *
 * @see Luong, Pham & Manning 2015, arXiv:1508.04025
 */
export class Attention extends ScoreLayer {
  static readonly className = 'Attention';
  private readonly scoreMode: (typeof SCORE_MODES)[number];
  private scale: LayerVariable | undefined;
  private scoreWeight: LayerVariable | undefined;

  /** @throws HeedError INVALID_ARGUMENT, UNKNOWN_NAME */
  constructor(args: AttentionArgs = {}) {
    checkLayerArgs('attention', args, { ...SCORE_ARGS, scoreMode: true });
    super(args, false);
    this.scoreMode = checkName('scoreMode', args.scoreMode ?? 'dot', SCORE_MODES);
  }

  override buildFor(): void {
    const weight = (name: string): LayerVariable => this.addWeight(name, [], 'float32', initializers.ones());
    if (this.useScale) this.scale = weight('scale');
    if (this.scoreMode === 'concat') this.scoreWeight = weight('concat_score_weight');
  }

  protected override weigh(query: Tensor, key: Tensor, values: Tensor, { factor, ...options }: WeighOptions): Weighed {
    const scaled = (x: Tensor): Tensor => (this.scale === undefined ? x : tf.mul(x, this.scale.read()));
    if (this.scoreWeight !== undefined) {
      const vector = tf.mul(tf.mul(tf.ones([query.shape[2]!]), factor), this.scoreWeight.read());
      return additiveAttention(scaled(query), scaled(key), vector, values, options);
    }
    const [q, k, v] = [scaled(query), key, values].map((x) => tf.expandDims(x, 1));
    const { context, weights, logSumExp } = dotProductAttention(q, k, v, { ...options, scale: factor });
    return {
      context: tf.squeeze(context, [1]),
      weights: weights && tf.squeeze(weights, [1]),
      logSumExp: logSumExp && tf.squeeze(logSumExp, [1]),
    };
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), scoreMode: this.scoreMode };
  }
}

/** Keras's `Attention`. @throws HeedError INVALID_ARGUMENT, UNKNOWN_NAME */
export function attention(args?: AttentionArgs): Attention {
  return new Attention(args);
}
