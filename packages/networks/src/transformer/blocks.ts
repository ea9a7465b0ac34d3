import {
  createAttentionSublayer,
  createFeedForwardSublayer,
  type AttentionSublayer,
  type FeedForwardSublayer,
  type Parameters,
} from '@heed/nn';
import type { TransformerConfig } from './config.js';

/**
 * Multi-head attention of the model's width.
 *
 * @param turned whether queries and keys are turned by their positions
 */
export function createAttention(
  parameters: Parameters,
  key: string,
  { width, heads }: Pick<TransformerConfig, 'width' | 'heads'>,
  turned: boolean,
): AttentionSublayer {
  return createAttentionSublayer(parameters, key, {
    width,
    heads,
    // The paper's projections have none, and their gradients are sums that cost engines more than the products.
    bias: false,
    ...(turned && { rotary: {} }),
    // Layers of one seed must not start alike.
    seed: parameters.seedOf(key),
  });
}

export const createFeedForward = (
  parameters: Parameters,
  key: string,
  { width, feedForwardWidth }: Pick<TransformerConfig, 'width' | 'feedForwardWidth'>,
): FeedForwardSublayer =>
  createFeedForwardSublayer(parameters, key, { normKey: `${key}/norm`, width, feedForwardWidth, activation: 'relu' });
