import type { AttentionOverlay, OverlayStep } from './attention-overlay.js';
import { placesOf } from './regions.js';
import { OVERLAY_ENGLISH, type WordLook, type OverlayWords } from './words.js';

// More regions than this are no place, and a sentence of them would be a list.
const MOST_REGIONS = 3;

/** Whole millionths: shares that differ by less are equal, and stay in the order in which they are read. */
const rounded = (share: number): number => Math.round(1e6 * share);

/** Where a word looked: the fewest regions, or frames of a film, that hold more than half of what looked at the picture, if three do. */
function lookOf(step: OverlayStep, overlay: Pick<AttentionOverlay, 'grid' | 'frames'>): WordLook {
  const places = placesOf(step, overlay);
  const seen = places.reduce((sum, { share }) => sum + share, 0);
  const strongest = places.toSorted((a, b) => rounded(b.share) - rounded(a.share));
  const half = rounded(seen / 2);
  let [held, count] = [0, 0];
  while (rounded(held) <= half && count < Math.min(MOST_REGIONS, strongest.length)) held += strongest[count++].share;
  const regions = rounded(held) > half ? strongest.slice(0, count) : [];
  return { word: step.word, regions, seen, sentinel: step.sentinel };
}

/**
 * Sentence of where a word looked, for texts, alternative texts and screen readers: "'red': 71 % on the upper middle, 8 % at no part".
 *
 * Of a film it names frames: "'moved': 88 % on frame 3".
 *
 * @param grid    rows and columns that the weights are of
 * @param frames  frames of a film that lie side by side in the grid
 */
export const describeLook = (
  step: OverlayStep,
  grid: AttentionOverlay['grid'],
  words: OverlayWords = OVERLAY_ENGLISH,
  frames = 1,
): string => words.look(lookOf(step, { grid, frames }));
