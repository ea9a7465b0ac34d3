import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable } from '@tensorflow/tfjs-layers';
import { additiveAttention as additive } from '@heed/core';
import type { CallShapes } from '../keras-layer.js';
import { checkLayerArgs } from '../layer-args.js';
import { SCORE_ARGS, ScoreLayer, type ScoreArgs } from './score-layer.js';
import type { Weighed, WeighOptions } from './uniform-rows.js';

export type AdditiveAttentionArgs = ScoreArgs;

/**
 * Keras's `AdditiveAttention` in one fused kernel: softmax over the keys of scale·tanh(q + k), in all else as `Attention`. Its one weight is
 * `scale` [D], Bahdanau's v; without it (`useScale: false`) the sum is taken as it is. Projections of query and keys are left to the
 * caller: `bahdanauAttention` has them.
 *
 * @see Bahdanau, Cho & Bengio 2014, arXiv:1409.0473
 */
export class AdditiveAttention extends ScoreLayer {
  static readonly className = 'AdditiveAttention';
  private scale: LayerVariable | undefined;

  /** @throws HeedError INVALID_ARGUMENT */
  constructor(args: AdditiveAttentionArgs = {}) {
    checkLayerArgs('additiveAttention', args, SCORE_ARGS);
    super(args, true);
  }

  override buildFor(shapes: CallShapes): void {
    const [query] = this.shapesOf(shapes);
    if (!this.useScale) return;
    this.scale = this.addWeight('scale', [query.at(-1)!], 'float32', initializers.glorotUniform({}));
  }

  protected override weigh(query: Tensor, key: Tensor, values: Tensor, { factor, ...options }: WeighOptions): Weighed {
    const scale = this.scale?.read() ?? tf.ones([query.shape[2]!]);
    return additive(query, key, factor === 1 ? scale : tf.mul(scale, factor), values, options);
  }
}

/** Keras's `AdditiveAttention`. @throws HeedError INVALID_ARGUMENT */
export function additiveAttention(args?: AdditiveAttentionArgs): AdditiveAttention {
  return new AdditiveAttention(args);
}
