import {
  BoundParameters,
  createAttentionSublayer,
  createFeedForwardSublayer,
  type AttentionSublayer,
  type TransformerBlock,
} from '@heed/nn';
import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { hasBias, matrix, within, type Shape, type Shapes } from '../state/shapes.js';
import type { Tree } from '../state/tree.js';
import type { Converted } from './definition.js';
import { multiHeadParameters } from './multi-head.js';
import { batchFirst, checkHeads, eps, heads, type SequenceOptions } from './options.js';

/** Options of transformers: what the state dict of a layer doesn't tell. */
export interface TransformerOptions extends SequenceOptions {
  /** Number of heads: `nhead`. */
  readonly heads: number;
  /** Activation of the feed-forward layers; 'relu' by default. */
  readonly activation?: 'relu' | 'gelu';
  /** Whether norms are before attention and feed-forward layers, not after: `norm_first`, false by default. */
  readonly normFirst?: boolean;
  /** ε of the norms: `layer_norm_eps`, 1e-5 by default. */
  readonly eps?: number;
}

export type TransformerSettings = Required<TransformerOptions>;

export const transformerSchema = v.strictObject({
  heads,
  activation: v.optional(v.picklist(['relu', 'gelu']), 'relu'),
  normFirst: v.optional(v.boolean(), false),
  eps,
  batchFirst,
});

/** Parts of layers: of encoders, and of decoders, which attend to a memory too. */
const PARTS = { encoder: ['self_attn'], decoder: ['self_attn', 'multihead_attn'] } as const;
export type Side = keyof typeof PARTS;

/** Whether keys are of a layer, and of which side: a layer with attention to a memory is a decoder's. */
export function isLayer(shapes: Tree<Shape>, side: Side): boolean {
  const parts = new Set(shapes.keys().map((key) => key.split('.')[0]));
  return parts.has('linear1') && parts.has('self_attn') && parts.has('multihead_attn') === (side === 'decoder');
}

/** Shapes of `nn.TransformerEncoderLayer` or `nn.TransformerDecoderLayer`. */
export function layerShapes(kind: string, shapes: Tree<Shape>, side: Side, { heads }: TransformerSettings): Shapes {
  const [hidden, width] = matrix(shapes, 'linear1.weight');
  checkHeads(kind, heads, width);
  const bias = hasBias(shapes);
  const withBias = (key: string, weight: Shape): Shapes => ({
    [`${key}.weight`]: weight,
    ...(bias && { [`${key}.bias`]: [weight[0]!] }),
  });
  const attention: Shapes = {
    in_proj_weight: [3 * width, width],
    ...(bias && { in_proj_bias: [3 * width] }),
    ...withBias('out_proj', [width, width]),
  };
  const norms = Array.from({ length: PARTS[side].length + 1 }, (_, n) => withBias(`norm${n + 1}`, [width]));
  return Object.assign(
    {},
    ...PARTS[side].map((part) => within(part, attention)),
    withBias('linear1', [hidden, width]),
    withBias('linear2', [width, hidden]),
    ...norms,
  ) as Shapes;
}

/** Parameters of a layer as a block of `@heed/nn` has them. Biases that it was made without are zeros. */
export function blockParameters(state: Tree<tf.Tensor>, side: Side): Converted {
  const [hidden, width] = state.get('linear1.weight').shape as [number, number];
  const biasOf = (key: string, length: number): tf.Tensor => state.optional(`${key}.bias`) ?? tf.zeros([length]);
  const norm = (key: string, from: string): Converted => ({
    [`${key}_norm/gain`]: state.get(`${from}.weight`),
    [`${key}_norm/bias`]: biasOf(from, width),
  });
  const attention = (key: string, from: string): Converted => under(key, multiHeadParameters(state.under(from)));
  return {
    ...attention('attention', 'self_attn'),
    ...norm('attention', 'norm1'),
    ...(side === 'decoder' && { ...attention('source', 'multihead_attn'), ...norm('source', 'norm2') }),
    'feed_forward/kernel': tf.transpose(state.get('linear1.weight')),
    'feed_forward/bias': biasOf('linear1', hidden),
    'feed_forward/output_kernel': tf.transpose(state.get('linear2.weight')),
    'feed_forward/output_bias': biasOf('linear2', width),
    ...norm('feed_forward', `norm${PARTS[side].length + 1}`),
  };
}

/** Converted parameters under a key. */
export const under = (key: string, converted: Converted): Converted =>
  Object.fromEntries(Object.entries(converted).map(([name, tensor]) => [`${key}/${name}`, tensor]));

/** The block that has these parameters. */
export function blockOf(converted: Converted, side: Side, settings: TransformerSettings): TransformerBlock {
  const { heads, normFirst, activation, eps: epsilon } = settings;
  const [width, feedForwardWidth] = converted['feed_forward/kernel']!.shape as [number, number];
  const parameters = new BoundParameters(converted);
  const bias = 'attention/query_bias' in converted;
  const attention = (key: string): AttentionSublayer =>
    createAttentionSublayer(parameters, key, { width, heads, bias, epsilon, seed: 0 });
  return {
    attention: attention('attention'),
    ...(side === 'decoder' && { crossAttention: attention('source') }),
    feedForward: createFeedForwardSublayer(parameters, 'feed_forward', {
      width,
      feedForwardWidth,
      activation,
      epsilon,
    }),
    norms: normFirst ? 'before' : 'after',
  };
}
