import { colorOf, hex, inkOn, isSigned, shareOf, weightAt } from './color.js';
import type { Domain } from './attention-map.js';
import { FONT, textWidth } from './measure.js';
import { shortNumber } from './text.js';
import type { MapWords } from './words.js';
import { escapeXml } from './xml.js';

/** Look of a map: its scale, its words and its colours. */
export interface Look {
  readonly domain: Domain;
  readonly words: Pick<MapWords, 'masked'>;
  /** Texts at the ends of the scale. Default: its numbers. */
  readonly ends?: readonly [from: string, to: string];
}

/** Texts at the ends of a scale. */
export const endsOf = ({ domain: [low, high], ends }: Pick<Look, 'domain' | 'ends'>): readonly [string, string] =>
  ends ?? [shortNumber(low), shortNumber(high)];

/** Number of colours that a legend shows. */
export const LEGEND_STEPS = 24;
const STEP = 5;
const GAP = 6;
const BETWEEN = 12;

/** Weights whose colours a legend shows, from low to high. */
export const legendWeights = ({ domain }: Pick<Look, 'domain'>): number[] =>
  Array.from({ length: LEGEND_STEPS }, (_, n) => weightAt(n / (LEGEND_STEPS - 1), domain));

/** Position of 0 in a legend of signed numbers, from 0 to 1; undefined at its ends, which have their own numbers. */
export function zeroOf({ domain }: Pick<Look, 'domain'>): number | undefined {
  const share = shareOf(0, domain);
  return isSigned(domain) && share > 0.08 && share < 0.92 ? share : undefined;
}

export function legendWidth(look: Look, masked: boolean): number {
  const { words } = look;
  const [from, to] = endsOf(look);
  const scale = textWidth(from) + textWidth(to) + 2 * GAP + LEGEND_STEPS * STEP;
  return masked ? scale + BETWEEN + FONT + GAP + textWidth(words.masked) : scale;
}

/** Legend as SVG: the scale with its numbers, and the look of a masked cell if the map has one. */
export function drawLegend(look: Look, left: number, top: number, masked: boolean): string {
  const { domain, words } = look;
  const ends = endsOf(look);
  const [from, to] = ends.map(escapeXml) as [string, string];
  const start = Math.ceil(left + textWidth(ends[0]) + GAP);
  const baseline = top + FONT - 2;
  const bars = legendWeights(look).map(
    (weight, n) =>
      `<rect x="${start + n * STEP}" y="${top}" width="${STEP}" height="${FONT}" fill="${hex(colorOf(weight, domain))}"/>`,
  );
  const end = start + LEGEND_STEPS * STEP + GAP;
  const zero = zeroOf(look);
  const ink = `style="fill:${hex(inkOn(colorOf(0, domain)))}"`;
  const tick =
    zero === undefined
      ? ''
      : `<text x="${start + zero * LEGEND_STEPS * STEP}" y="${baseline}" text-anchor="middle" ${ink}>0</text>`;
  const swatch = Math.ceil(end + textWidth(ends[1]) + BETWEEN);
  const hidden = masked
    ? `<rect class="heed-masked" x="${swatch}" y="${top}" width="${FONT}" height="${FONT}" fill="url(#heed-hatch)"/>` +
      `<text x="${swatch + FONT + GAP}" y="${baseline}">${escapeXml(words.masked)}</text>`
    : '';
  return `<g class="heed-legend"><text x="${left}" y="${baseline}">${from}</text>${bars.join('')}${tick}<text x="${end}" y="${baseline}">${to}</text>${hidden}</g>`;
}
