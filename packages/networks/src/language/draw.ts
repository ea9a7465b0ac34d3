import { greatest } from './greatest.js';
import type { CheckedSampling } from './sampling.js';

/**
 * Draws from softmax(logits / temperature), cut down to the topK most probable and of these to the fewest whose
 * probabilities reach topP. Of equally probable ones the lower number comes first.
 *
 * @param logits  [V]
 * @param uniform in (0, 1)
 * @returns the number drawn
 * @see Fan, Lewis & Dauphin 2018, arXiv:1805.04833, §5.4, for topK; Holtzman et al. 2019, arXiv:1904.09751, §3.1, eq. 2
 *   and 3, for topP, the nucleus
 */
export function draw(
  logits: ArrayLike<number>,
  { temperature, topK, topP }: Omit<CheckedSampling, 'seed'>,
  uniform: number,
): number {
  const kept = greatest(logits, temperature === 0 ? 1 : topK);
  if (temperature === 0) return kept[0];
  const most = logits[kept[0]];
  const shares = kept.map((id) => Math.exp((logits[id] - most) / temperature));
  const nucleus = prefixReaching(shares, topP * sum(shares));
  let left = uniform * sum(shares.slice(0, nucleus));
  for (let n = 0; n < nucleus; n++) {
    left -= shares[n];
    if (left < 0) return kept[n];
  }
  return kept[nucleus - 1];
}

/** How many of the first add up to the total; at least one. */
function prefixReaching(shares: readonly number[], total: number): number {
  let reached = 0;
  for (let n = 0; n < shares.length; n++) {
    reached += shares[n];
    if (reached >= total) return n + 1;
  }
  return shares.length;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
