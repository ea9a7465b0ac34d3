import {
  createAttentionSublayer,
  createFeedForwardSublayer,
  dense,
  type Parameters,
  type TransformerBlock,
} from '@heed/nn';
import { SIZES, type LayerSizes } from './layout.js';

// The original's; it is added to the variance.
const EPSILON = 1e-6;

/** Block n of the encoder. The first one is given narrower vectors than it gives, and projects them for its sum. */
export function createBlock(
  parameters: Parameters,
  n: number,
  { inputWidth, headWidth }: LayerSizes,
): TransformerBlock {
  const { heads, width, feedForwardWidth } = SIZES;
  const attention = createAttentionSublayer(parameters, `${n}/attention`, {
    name: 'sentenceEncoder',
    epsilon: EPSILON,
    width: inputWidth,
    heads,
    headWidth,
    outputWidth: width,
    seed: 0, // of initial values, which are replaced
  });
  const feedForward = createFeedForwardSublayer(parameters, `${n}/feed_forward`, {
    epsilon: EPSILON,
    width,
    feedForwardWidth,
    activation: 'relu',
  });
  if (inputWidth === width) return { attention, feedForward };
  const kernel = parameters.kernel(`${n}/residual/kernel`, [inputWidth, width]);
  const bias = parameters.bias(`${n}/residual/bias`, new Float32Array(width));
  return { attention, feedForward, widen: (x) => dense(x, kernel, bias) };
}
