import { checkOptions, type OptionNames } from '@heed/core/options';
import { HeedError } from '@heed/core/errors';
import {
  checkMaps,
  DOMAIN_OPTIONS,
  domainOf,
  type AttentionMaps,
  type CheckedMap,
  type Domain,
  type DomainOptions,
} from './attention-map.js';
import { drawText, GLYPH, textLength } from './bitmap-font.js';
import { colorAt, colorOf, THEMES, type Rgb, type Theme } from './color.js';
import { createPixels, encodePixels, fill, type Pixels } from './pixels.js';
import { clean, shortNumber, truncate, widest } from './text.js';

export interface PngOptions extends DomainOptions {
  /** Default 'light'. */
  readonly theme?: Theme;
}

const OPTIONS: OptionNames<PngOptions> = { ...DOMAIN_OPTIONS, theme: true };

/**
 * A PNG picture. Its font has ASCII, Latin-1, Greek and hiragana and draws a box for other characters; SVG and HTML show
 * every script.
 *
 * @throws HeedError INVALID_ARGUMENT when the picture would pass 64 million pixels
 */
export function renderPng(maps: AttentionMaps, given: PngOptions = {}): Uint8Array {
  checkOptions('renderPng', given, OPTIONS);
  const { theme = 'light', ...options } = given;
  const checked = checkMaps(maps);
  const domain = domainOf(checked, options);
  const layouts = checked.map((map) => layOut(map, domain));
  const width = Math.max(...layouts.map((layout) => layout.width));
  const height = layouts.reduce((sum, layout) => sum + layout.height, 0);
  if (width * height > MOST_PIXELS) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `a picture of ${width} by ${height} pixels is too large`,
      hint: 'draw fewer maps in one file, or write CSV or JSON',
    });
  }
  const colors = THEMES[theme];
  const pixels = createPixels(width, height, colors.background);
  let top = 0;
  for (const [n, map] of checked.entries()) {
    draw(pixels, map, { layout: layouts[n]!, top, domain, text: colors.text, faint: colors.faint });
    top += layouts[n]!.height;
  }
  return encodePixels(pixels);
}

const MOST_PIXELS = 64e6;
const MARGIN = 16;
const GAP = 6;
// The 8×8 font, doubled to be read.
const SCALE = 2;
const LINE = GLYPH * SCALE;
const LONGEST_LABEL = 28;
const LONGEST_TITLE = 100;
// What all cells along the longer side should fit in, and the sizes a cell may have.
const SIDE = 1536;
const LARGEST_CELL = 32;

const measure = (text: string): number => textLength(text, SCALE);

interface Layout {
  readonly cell: number;
  /** Every so many rows and columns have their label. */
  readonly step: number;
  readonly upright: boolean;
  readonly title: string;
  readonly rowLabels: readonly string[];
  readonly columnLabels: readonly string[];
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function layOut(map: CheckedMap, [low, high]: Domain): Layout {
  const cell = Math.min(LARGEST_CELL, Math.max(1, Math.floor(SIDE / Math.max(map.rows, map.columns, 1))));
  const step = Math.ceil((LINE + 2) / cell);
  const shown = (labels: readonly string[]): string[] =>
    labels.map((label, n) => (n % step === 0 ? truncate(clean(label), LONGEST_LABEL) : ''));
  const rowLabels = shown(map.rowLabels);
  const columnLabels = shown(map.columnLabels);
  const title = truncate(clean(map.title), LONGEST_TITLE);
  const longest = widest(columnLabels, measure);
  const upright = longest <= cell * step;
  const left = MARGIN + LINE + GAP + widest(rowLabels, measure) + GAP;
  const top = MARGIN + (title === '' ? 0 : LINE + GAP) + LINE + GAP + (upright ? LINE : longest) + GAP;
  const numbers = measure(shortNumber(low) + shortNumber(high));
  const legend = numbers + 2 * GAP + LEGEND_STEPS * LEGEND_STEP;
  const right = left + Math.max(map.columns * cell, legend, measure(clean(map.columnAxis)));
  const width = Math.max(right, MARGIN + measure(title)) + MARGIN;
  const tall = Math.max(map.rows * cell, measure(clean(map.rowAxis)));
  const height = top + tall + GAP + LINE + MARGIN;
  return { cell, step, upright, title, rowLabels, columnLabels, left, top, width, height };
}

const LEGEND_STEPS = 20;
const LEGEND_STEP = 8;

function draw(
  pixels: Pixels,
  map: CheckedMap,
  { layout, top: offset, domain, text, faint }: { layout: Layout; top: number; domain: Domain; text: Rgb; faint: Rgb },
): void {
  const { cell, upright, title, left } = layout;
  const top = offset + layout.top;
  const write = (content: string, x: number, y: number, color: Rgb, upwards = false): void =>
    drawText(pixels, content, { left: Math.round(x), top: Math.round(y), scale: SCALE, color, upwards });

  let y = offset + MARGIN;
  if (title !== '') {
    write(title, MARGIN, y, text);
    y += LINE + GAP;
  }
  write(clean(map.columnAxis), left, y, faint);
  write(clean(map.rowAxis), MARGIN, top, faint, true);
  for (const [j, label] of layout.columnLabels.entries()) {
    const length = measure(label);
    const middle = left + (j + 0.5) * cell;
    if (upright) write(label, middle - length / 2, top - GAP - LINE, text);
    else write(label, middle - LINE / 2, top - GAP - length, text, true);
  }
  for (const [i, label] of layout.rowLabels.entries()) {
    write(label, left - GAP - measure(label), top + (i + 0.5) * cell - LINE / 2, text);
  }
  for (let i = 0; i < map.rows; i++) {
    for (let j = 0; j < map.columns; j++) {
      fill(pixels, left + j * cell, top + i * cell, [cell, cell], colorOf(map.weights[i]![j]!, domain));
    }
  }
  const [low, high] = domain;
  const bottom = offset + layout.height - MARGIN - LINE;
  const start = left + measure(shortNumber(low)) + GAP;
  write(shortNumber(low), left, bottom, text);
  for (let n = 0; n < LEGEND_STEPS; n++) {
    const color = colorAt(n / (LEGEND_STEPS - 1));
    fill(pixels, start + n * LEGEND_STEP, bottom, [LEGEND_STEP, LINE], color);
  }
  write(shortNumber(high), start + LEGEND_STEPS * LEGEND_STEP + GAP, bottom, text);
}
