import type { AttentionOverlay, OverlayStep } from './attention-overlay.js';
import { REGIONS, regionsOf } from './regions.js';
import { OVERLAY_ENGLISH, type WordLook, type OverlayWords } from './words.js';

// More regions than this are no place, and a sentence of them would be a list.
const MOST_REGIONS = 3;

/** Whole millionths: shares that differ by less are equal, and stay in the order in which they are read. */
const rounded = (share: number): number => Math.round(1e6 * share);

/** Where a word looked: the fewest regions that hold more than half of what looked at the picture, if three do. */
function lookOf(step: OverlayStep, grid: AttentionOverlay['grid']): WordLook {
  const shares = regionsOf(step, grid);
  const seen = REGIONS.reduce((sum, region) => sum + shares[region], 0);
  const strongest = REGIONS.map((region) => ({ region, share: shares[region] })).toSorted(
    (a, b) => rounded(b.share) - rounded(a.share),
  );
  const half = rounded(seen / 2);
  let [held, count] = [0, 0];
  while (rounded(held) <= half && count < MOST_REGIONS) held += strongest[count++].share;
  const regions = rounded(held) > half ? strongest.slice(0, count) : [];
  return { word: step.word, regions, seen, sentinel: step.sentinel };
}

/**
 * Sentence of where a word looked, for texts, alternative texts and screen readers: "'red': 71 % on the upper middle, 8 % at no part".
 *
 * @param grid  rows and columns that the weights are of
 */
export const describeLook = (
  step: OverlayStep,
  grid: AttentionOverlay['grid'],
  words: OverlayWords = OVERLAY_ENGLISH,
): string => words.look(lookOf(step, grid));
