import type { Tally } from '@heed/attention';
import type { Activation } from '@heed/nn';
import { addMechanism } from './mechanism-cost.js';

/** Adds a layer norm, whose work is elementwise. */
export const addNorm = (tally: Tally, width: number): Tally => tally.parameters(2 * width);

/** Adds multi-head attention of a block, without biases, and the norm before it. */
export function addBlockAttention(
  tally: Tally,
  { width, heads }: { readonly width: number; readonly heads: number },
  lengths: { readonly batch: number; readonly queries: number; readonly keys: number },
): void {
  addNorm(tally, width);
  const place = { queryWidth: width, memoryWidth: width };
  addMechanism(tally, { kind: 'multiHead', heads, bias: false }, place, { ...lengths, calls: 1 });
}

/** Adds the feed-forward layer of a block and the norm before it. */
export function addFeedForward(
  tally: Tally,
  { width, feedForwardWidth }: { readonly width: number; readonly feedForwardWidth: number },
  { places, activation }: { readonly places: number; readonly activation: Activation },
): void {
  addNorm(tally, width).parameters(2 * width * feedForwardWidth);
  if (activation === 'relu') tally.parameters(feedForwardWidth + width);
  tally.product({ m: places, k: width, n: feedForwardWidth }).product({ m: places, k: feedForwardWidth, n: width });
}
