import BitmapFont from 'simple-bitmap-font';
import { fill, type Pixels } from './pixels.js';
import type { Rgb } from './color.js';
import { graphemes } from './text.js';

/** Width and height of a character at scale 1, in pixels. */
export const GLYPH = 8;

/** Length of a text along its direction, in pixels. */
export const textLength = (text: string, scale: number): number => graphemes(text).length * GLYPH * scale;

/**
 * Draws a text that `drawable` has prepared, of ASCII, Latin-1, Greek and hiragana.
 *
 * @param upwards  turns the text a quarter to the left, so that it starts at the bottom of (left, top)
 */
export function drawText(
  pixels: Pixels,
  text: string,
  at: { left: number; top: number; scale: number; color: Rgb; upwards?: boolean },
): void {
  const { left, top, scale, color, upwards = false } = at;
  const length = textLength(text, scale);
  for (const [n, character] of graphemes(text).entries()) {
    const glyph = glyphOf(character) ?? [];
    for (let row = 0; row < GLYPH; row++) {
      for (let column = 0; column < GLYPH; column++) {
        if (glyph[row]?.[column] !== 1) continue;
        const along = (n * GLYPH + column) * scale;
        const across = row * scale;
        const x = left + (upwards ? across : along);
        const y = top + (upwards ? length - scale - along : across);
        fill(pixels, x, y, [scale, scale], color);
      }
    }
  }
}

/** A text that can be drawn: a character that the font lacks becomes its code points, <4E2D>. */
export function drawable(text: string): string {
  if (ASCII.test(text)) return text;
  return graphemes(text)
    .map((character) => (glyphOf(character) === undefined ? codePoints(character) : character))
    .join('');
}

/** Characters of a text that the font lacks. */
export const missing = (text: string): string[] =>
  ASCII.test(text) ? [] : graphemes(text).filter((character) => glyphOf(character) === undefined);

const ASCII = /^[ -~]*$/;

const codePoints = (character: string): string =>
  `<${Array.from(character, (one) => one.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')).join(' ')}>`;

/** Bitmap of a character: 8 rows of 8, with 1 for ink. */
function glyphOf(character: string): Glyph | undefined {
  const extra = EXTRA[character];
  if (extra !== undefined) return extra;
  font ??= new BitmapFont();
  const composed = character.normalize('NFC');
  const glyph = font.getBitmap_byUnicodeLetter(composed);
  const known = composed.length === 1 && (composed === ' ' || glyph.some((row) => row.includes(1)));
  return known ? glyph : undefined;
}

type Glyph = readonly (readonly number[])[];

let font: BitmapFont | undefined;

const glyph = (...lines: string[]): Glyph =>
  Array.from({ length: GLYPH }, (_, row) =>
    Array.from({ length: GLYPH }, (_, column) => Number((lines[row] ?? '').charAt(column) === '#')),
  );

// Characters of titles and shortened labels that the font lacks.
const EXTRA: Readonly<Record<string, Glyph>> = {
  '…': glyph('', '', '', '', '', '## ## ##', '## ## ##'),
  '→': glyph('', '    #', '    ##', '#######', '    ##', '    #'),
  '−': glyph('', '', '', '######'),
  '␣': glyph('', '', '', '', '', '#     #', '#######'),
  '▁': glyph('', '', '', '', '', '', '', '########'),
  '⊢': glyph('', ' #', ' #', ' #####', ' #', ' #'),
  '←': glyph('', '  #', ' ##', '#######', ' ##', '  #'),
};
