import { colorOf, inkOn, type Rgb } from './color.js';
import { endsOf, LEGEND_STEPS, legendWeights, zeroOf, type Look } from './legend.js';
import { fill, hatch, type Pixels } from './pixels.js';
import { LINE, measure, written, type Write } from './png-text.js';

const GAP = 6;
const LEGEND_STEP = 8;

export function legendWidth(look: Look, masked: boolean): number {
  const { words } = look;
  const scale =
    measure(
      endsOf(look)
        .map((end) => written(end))
        .join(''),
    ) +
    2 * GAP +
    LEGEND_STEPS * LEGEND_STEP;
  return masked ? scale + 2 * LINE + GAP + measure(written(words.masked)) : scale;
}

interface LegendPlace {
  readonly left: number;
  readonly top: number;
  readonly write: Write;
  readonly text: Rgb;
  readonly faint: Rgb;
  readonly masked: boolean;
}

/** Draws the scale with its ends, and the look of a masked cell if the map has one. */
export function drawLegend(pixels: Pixels, look: Look, { left, top, write, text, faint, masked }: LegendPlace): void {
  const { domain, words } = look;
  const [from, to] = endsOf(look).map((end) => written(end)) as [string, string];
  write(from, left, top, text);
  const start = left + measure(from) + GAP;
  for (const [n, weight] of legendWeights(look).entries()) {
    fill(pixels, start + n * LEGEND_STEP, top, [LEGEND_STEP, LINE], colorOf(weight, domain));
  }
  const zero = zeroOf(look);
  if (zero !== undefined) {
    const middle = start + zero * LEGEND_STEPS * LEGEND_STEP;
    write('0', middle - measure('0') / 2, top, inkOn(colorOf(0, domain)));
  }
  const end = start + LEGEND_STEPS * LEGEND_STEP + GAP;
  write(to, end, top, text);
  if (!masked) return;
  const swatch = end + measure(to) + LINE;
  hatch(pixels, swatch, top, [LINE, LINE], faint);
  write(written(words.masked), swatch + LINE + GAP, top, text);
}
