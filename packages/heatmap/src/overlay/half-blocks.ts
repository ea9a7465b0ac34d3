import type { Rgb } from '../color.js';
import type { Pixels } from '../pixels.js';
import { ansisOf, type TerminalColors } from '../terminal-scale.js';

/** Lines of a picture in which each character is two pixels, one above the other: ▀ in the upper one's colour on the lower one's. */
export function halfBlocks(pixels: Pixels, colors: Exclude<TerminalColors, 'plain'>): string[] {
  const { width, height } = pixels;
  const ansis = ansisOf(colors);
  return Array.from({ length: Math.ceil(height / 2) }, (_, line) => {
    let text = '';
    for (let x = 0; x < width; x++) {
      const upper = ansis.rgb(...colorAt(pixels, x, 2 * line));
      // Below the last row of an odd number of rows is the terminal's own colour.
      text += 2 * line + 1 < height ? upper.bgRgb(...colorAt(pixels, x, 2 * line + 1))(HALF) : upper(HALF);
    }
    return text;
  });
}

const HALF = '▀';

function colorAt({ width, data }: Pixels, x: number, y: number): Rgb {
  const at = 3 * (y * width + x);
  return [data[at], data[at + 1], data[at + 2]];
}
