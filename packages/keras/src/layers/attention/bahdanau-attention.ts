import * as tf from '@tensorflow/tfjs-core';
import type { serialization, Tensor } from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { additiveAttention, dense } from '@heed/core';
import { KerasLayer, type CallArguments, type CallShapes, type LayerArgs } from '../keras-layer.js';
import { checkLayerArgs } from '../layer-args.js';
import { toBool } from './bools.js';
import { checkCount } from './head-args.js';
import { mismatch } from './head-layer.js';
import { withUniformRows, type Weighed, type WeighOptions } from './uniform-rows.js';

export interface BahdanauAttentionArgs extends LayerArgs {
  /** U, width in which query and values meet. */
  readonly units: number;
}

/**
 * The attention layer that books build in Keras, as the paper has it: a decoder's state asks all steps of an encoder. The score of step j is
 * V·tanh(W1·query + W2·values_j) with a bias each, the weights are its softmax over time, the context their sum of values. Computed in one
 * fused kernel, without an array [B, T, U].
 *
 * query [B, Dq], values [B, T, Dv] → context [B, Dv] and weights [B, T, 1]. The mask of the values, or `valuesMask` [B, T], leaves steps out;
 * where it leaves out all of them, the weights are equal, as in Keras's layers. Weights: kernels and biases of W1, W2 and V.
 *
 * @see Bahdanau, Cho & Bengio 2014, arXiv:1409.0473, A.1.2
 */
export class BahdanauAttention extends KerasLayer {
  static readonly className = 'BahdanauAttention';
  readonly argumentNames = ['query', 'values', 'valuesMask'];
  private readonly units: number;
  private readonly w1: layers.Layer;
  private readonly w2: layers.Layer;
  private readonly v: layers.Layer;

  /** @throws HeedError INVALID_ARGUMENT */
  constructor(args: BahdanauAttentionArgs) {
    checkLayerArgs('bahdanauAttention', args, { units: true });
    super(args);
    this.units = checkCount('bahdanauAttention: units', args.units);
    this.w1 = this.track('W1', layers.dense({ units: this.units }));
    this.w2 = this.track('W2', layers.dense({ units: this.units }));
    this.v = this.track('V', layers.dense({ units: 1 }));
  }

  override buildFor(shapes: CallShapes): void {
    const { query, values } = checkShapes(this.name, shapes);
    this.buildSublayer(this.w1, query);
    this.buildSublayer(this.w2, values);
    this.buildSublayer(this.v, [...values.slice(0, -1), this.units]);
  }

  /** Weights [B, 1, T], of the one query that there is. */
  attentionWeights(_given: CallArguments, [, weights]: readonly Tensor[]): Tensor {
    return tf.transpose(weights!, [0, 2, 1]);
  }

  override run(given: CallArguments): Tensor[] {
    const { query, values, valuesMask } = given as Record<string, Tensor>;
    checkShapes(this.name, { query: query?.shape, values: values?.shape });
    const q = tf.expandDims(this.w1.apply(query) as Tensor, 1); // [B, 1, U]
    const k = this.w2.apply(values) as Tensor; // [B, T, U]
    // V's bias moves all scores alike, which a softmax doesn't see.
    const vector = tf.reshape(this.v.weights[0].read(), [this.units]);
    const weigh = (v: Tensor, { factor, ...options }: WeighOptions): Weighed =>
      additiveAttention(q, k, factor === 1 ? vector : tf.mul(vector, factor), v, options);
    const { context, weights } =
      valuesMask === undefined
        ? weigh(values, { returnWeights: true, returnLogSumExp: false, factor: 1 })
        : withUniformRows(weigh, values, {
            mask: dense(toBool(valuesMask), { axes: 'bk' }),
            dropout: undefined,
            returnWeights: true,
          });
    return [tf.squeeze(context, [1]), tf.transpose(weights!, [0, 2, 1])];
  }

  override outputShapes(given: CallArguments): Shape[] {
    const { values } = checkShapes(this.name, given as CallShapes);
    return [
      [values[0], values[2]],
      [values[0], values[1], 1],
    ];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), units: this.units };
  }
}

function checkShapes(what: string, shapes: CallShapes): { query: Shape; values: Shape } {
  const { query, values } = shapes as Record<string, Shape>;
  if (query?.length === 2 && values?.length === 3) return { query, values };
  throw mismatch(what, 'query is [B, Dq] and values are [B, T, Dv]: apply([query, values])', { query, values });
}

/** The attention layer of W1, W2 and V. @throws HeedError INVALID_ARGUMENT */
export function bahdanauAttention(args: BahdanauAttentionArgs): BahdanauAttention {
  return new BahdanauAttention(args);
}
