import { hasSentinel, type CheckedOverlay } from './attention-overlay.js';
import type { Size } from './field.js';
import { sizeWithin } from './picture.js';

/** Longer side of a picture in a file, in pixels. */
const SIDE = 256;
/** Side of a frame of a film, which lie side by side; of many, together at most `LONGEST`. */
const FRAME = 96;
const LONGEST = 1536;
/** Panels side by side: the picture alone, and with each word's map. Strips of a film are below each other, so that frames can be compared. */
const ABREAST = 4;
// A panel is at least so wide that most words fit below a narrow picture.
const LEAST_WIDTH = 128;

export const MARGIN = 16;
const GAP = 16;
const SMALL_GAP = 6;

/** Longer side of an overlay's picture in a file, in pixels. */
export const sideOf = ({ frames }: CheckedOverlay): number => (frames === 1 ? SIDE : Math.min(LONGEST, frames * FRAME));

/** Places of an overlay's parts in a file, in pixels. */
export interface OverlayLayout {
  readonly width: number;
  readonly height: number;
  /** Size of the picture in each panel. */
  readonly picture: Size;
  /** Width that a panel's texts may take. */
  readonly panelWidth: number;
  /** Upper left corners of the panels: the first is of the picture alone, the others of the steps. */
  readonly panels: readonly { readonly left: number; readonly top: number }[];
  /** Distances of the word and of the sentinel from the top of their panel. */
  readonly wordTop: number;
  readonly sentinelTop: number;
  readonly legendTop: number;
}

/**
 * Lays out an overlay.
 *
 * @param line  height of a line of text
 * @param least  width that title and legend take
 */
export function layOutOverlay(overlay: CheckedOverlay, line: number, least: number): OverlayLayout {
  const picture = sizeWithin(overlay.picture, sideOf(overlay));
  const panelWidth = Math.max(picture.width, LEAST_WIDTH);
  const wordTop = picture.height + SMALL_GAP;
  const sentinelTop = wordTop + line + SMALL_GAP;
  const panelHeight = hasSentinel(overlay) ? sentinelTop + line : wordTop + line;
  const top = MARGIN + (overlay.title === '' ? 0 : line + 2 * SMALL_GAP);
  const count = overlay.steps.length + 1;
  const abreast = Math.min(count, overlay.frames === 1 ? ABREAST : 1);
  const panels = Array.from({ length: count }, (_, n) => ({
    left: MARGIN + (n % abreast) * (panelWidth + GAP),
    top: top + Math.floor(n / abreast) * (panelHeight + GAP),
  }));
  const legendTop = panels.at(-1)!.top + panelHeight + GAP;
  return {
    width: Math.ceil(Math.max(abreast * (panelWidth + GAP) - GAP, least)) + 2 * MARGIN,
    height: legendTop + line + MARGIN,
    picture,
    panelWidth,
    panels,
    wordTop,
    sentinelTop,
    legendTop,
  };
}
