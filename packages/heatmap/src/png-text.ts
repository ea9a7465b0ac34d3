import { drawable, drawText, GLYPH, textLength } from './bitmap-font.js';
import type { Rgb } from './color.js';
import type { Pixels } from './pixels.js';
import { clean, truncate } from './text.js';

// Factor of the 8×8 font, which is too small to read.
const SCALE = 2;

/** Height of a line, in pixels. */
export const LINE = GLYPH * SCALE;

/** Width of a written text, in pixels. */
export const measure = (text: string): number => textLength(text, SCALE);

/** A label that is harmless and can be drawn, of at most `longest` columns. */
export const written = (text: string, longest = Infinity): string =>
  truncate(drawable(longest === Infinity ? clean(text) : truncate(clean(text), longest)), longest);

/** Writes a text that `written` has prepared, at a place in pixels. */
export type Write = (content: string, x: number, y: number, color: Rgb, upwards?: boolean) => void;

export const writer =
  (pixels: Pixels): Write =>
  (content, x, y, color, upwards = false) =>
    drawText(pixels, content, { left: Math.round(x), top: Math.round(y), scale: SCALE, color, upwards });
