import { dense, dotProductAttention, type DotProductAttentionOptions } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { cannot, type Mapping } from '../mapping.js';
import { dotProductPath } from './dot-product-path.js';

/** Sizes, and what tells how inputs were drawn. */
const DESCRIPTIONS: ReadonlySet<string> = new Set([
  'batch',
  'heads',
  'kv_heads',
  'tq',
  'tk',
  'd',
  'dv',
  'mask',
  'bias',
  'holes',
  'empty_row',
]);

/** PyTorch's `F.scaled_dot_product_attention`: in/mask is true where a query attends, in/bias is added; causal from the start of both. */
export const mapScaledDotProduct: Mapping = (test) => {
  const { scale, is_causal: isCausal = false, ...others } = test.options;
  const unknown = Object.keys(others).find((name) => !DESCRIPTIONS.has(name));
  if (unknown !== undefined) cannot(test, `option ${unknown} is unknown`);
  if (scale !== undefined && typeof scale !== 'number') cannot(test, `scale is ${JSON.stringify(scale)}`);
  const options = ({ mask, bias }: Readonly<Record<string, tf.Tensor | undefined>>): DotProductAttentionOptions => ({
    returnWeights: true,
    ...(typeof scale === 'number' && { scale }),
    ...(isCausal === true && { causal: { align: 'top-left' } }),
    ...(mask && { mask: dense(aligned(mask)) }),
    ...(bias && { bias: dense(aligned(bias)) }),
  });
  return {
    run: ({ q, k, v, ...rest }) => {
      const { context, weights } = dotProductAttention(q as tf.Tensor, k as tf.Tensor, v as tf.Tensor, options(rest));
      return { out: context, weights: weights! };
    },
    ...dotProductPath(test),
  };
};

/** PyTorch aligns axes to the right, so that the first of three is the heads: a fourth says so. */
const aligned = (x: tf.Tensor): tf.Tensor => (x.rank === 3 ? tf.expandDims(x, 0) : x);
