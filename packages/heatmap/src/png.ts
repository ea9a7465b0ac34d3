import { checkOptions, type OptionNames } from '@heed/base';
import { checkMaps, domainOf, hasMasked, isMasked, type AttentionMaps, type CheckedMap } from './attention-map.js';
import { drawText, GLYPH, missing, textLength } from './bitmap-font.js';
import { cellNumbers } from './cell-number.js';
import { cellSize } from './cell-size.js';
import { colorOf, inkOn, THEMES, type Rgb, type Theme } from './color.js';
import type { Look } from './legend.js';
import { createPixels, encodePixels, fill, hatch, type Pixels } from './pixels.js';
import { drawLegend, legendWidth } from './png-legend.js';
import { checkSize } from './png-size.js';
import { LINE, measure, writer, written } from './png-text.js';
import { RENDER_OPTIONS, type RenderOptions } from './render-options.js';
import { clean, widest } from './text.js';
import { ENGLISH } from './words.js';

export interface PngOptions extends RenderOptions {
  /** Theme of the picture. Default 'light'. */
  readonly theme?: Theme;
}

const OPTIONS: OptionNames<PngOptions> = { ...RENDER_OPTIONS, theme: true };

/**
 * Maps as a PNG picture. Its font has ASCII, Latin-1, Greek and hiragana; other characters are written as code points, and
 * `missingInPng` lists them. SVG and HTML show every script, and so does `paintPng` in a page.
 *
 * @throws HeedError INVALID_ARGUMENT when the picture would have more than 64 million pixels
 */
export function renderPng(maps: AttentionMaps, given: PngOptions = {}): Uint8Array {
  checkOptions('renderPng', given, OPTIONS);
  const { theme = 'light', words = ENGLISH, ...options } = given;
  const checked = checkMaps(maps);
  const look = { domain: domainOf(checked, options), words };
  const layouts = checked.map((map) => layOut(map, look));
  const width = Math.max(...layouts.map((layout) => layout.width));
  const height = layouts.reduce((sum, layout) => sum + layout.height, 0);
  checkSize(width, height, 'maps');
  const pixels = createPixels(width, height, THEMES[theme].background);
  let top = 0;
  for (const [n, map] of checked.entries()) {
    draw(pixels, map, { layout: layouts[n], top, look, ...THEMES[theme] });
    top += layouts[n].height;
  }
  return encodePixels(pixels);
}

/** Characters, each once, that the font of `renderPng` lacks, so that it writes them as code points. */
export function missingInPng(maps: AttentionMaps, { words = ENGLISH }: Pick<RenderOptions, 'words'> = {}): string[] {
  const checked = checkMaps(maps);
  const texts = checked.flatMap(({ title, rowAxis, columnAxis, rowLabels, columnLabels }) =>
    [title, rowAxis, columnAxis].concat(rowLabels, columnLabels),
  );
  if (checked.some(hasMasked)) texts.push(words.masked);
  return [...new Set(texts.flatMap((text) => missing(clean(text))))];
}

const MARGIN = 16;
const GAP = 6;
const LONGEST_LABEL = 28;
const LONGEST_TITLE = 60;
// Numbers in cells are not doubled.
const NUMBER_MARGIN = 4;

interface Layout {
  readonly cell: number;
  /** Distance between rows (and columns) that have a label. */
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

function layOut(map: CheckedMap, look: Look): Layout {
  const cell = cellSize(map, 1);
  const step = Math.ceil((LINE + 2) / cell);
  const shown = (labels: readonly string[]): string[] =>
    labels.map((label, n) => (n % step === 0 ? written(label, LONGEST_LABEL) : ''));
  const rowLabels = shown(map.rowLabels);
  const columnLabels = shown(map.columnLabels);
  const title = written(map.title, LONGEST_TITLE);
  const longest = widest(columnLabels, measure);
  const upright = longest <= cell * step;
  const left = MARGIN + LINE + GAP + widest(rowLabels, measure) + GAP;
  const top = MARGIN + (title === '' ? 0 : LINE + GAP) + LINE + GAP + (upright ? LINE : longest) + GAP;
  const right =
    left + Math.max(map.columns * cell, legendWidth(look, hasMasked(map)), measure(written(map.columnAxis)));
  const width = Math.max(right, MARGIN + measure(title)) + MARGIN;
  const tall = Math.max(map.rows * cell, measure(written(map.rowAxis)));
  const height = top + tall + GAP + LINE + MARGIN;
  return { cell, step, upright, title, rowLabels, columnLabels, left, top, width, height };
}

interface PlacedPanel {
  readonly layout: Layout;
  readonly top: number;
  readonly look: Look;
  readonly text: Rgb;
  readonly faint: Rgb;
}

function draw(pixels: Pixels, map: CheckedMap, panel: PlacedPanel): void {
  const { layout, look, text, faint } = panel;
  const { upright, cell, title, left } = layout;
  const top = panel.top + layout.top;
  const write = writer(pixels);

  let y = panel.top + MARGIN;
  if (title !== '') {
    write(title, MARGIN, y, text);
    y += LINE + GAP;
  }
  write(written(map.columnAxis), left, y, faint);
  write(written(map.rowAxis), MARGIN, top, faint, true);
  for (const [j, label] of layout.columnLabels.entries()) {
    const length = measure(label);
    const middle = left + (j + 0.5) * cell;
    if (upright) write(label, middle - length / 2, top - GAP - LINE, text);
    else write(label, middle - LINE / 2, top - GAP - length, text, true);
  }
  for (const [i, label] of layout.rowLabels.entries()) {
    write(label, left - GAP - measure(label), top + (i + 0.5) * cell - LINE / 2, text);
  }
  drawCells(pixels, map, panel);
  const bottom = panel.top + layout.height - MARGIN - LINE;
  drawLegend(pixels, look, { left, top: bottom, write, text, faint, masked: hasMasked(map) });
}

function drawCells(
  pixels: Pixels,
  map: CheckedMap,
  { layout, top: offset, look: { domain }, faint }: PlacedPanel,
): void {
  const { cell, left } = layout;
  const numbers = cellNumbers(map, domain, Math.floor((cell - NUMBER_MARGIN) / GLYPH));
  for (let i = 0; i < map.rows; i++) {
    for (let j = 0; j < map.columns; j++) {
      const [x, y] = [left + j * cell, offset + layout.top + i * cell];
      if (isMasked(map, i, j)) {
        hatch(pixels, x, y, [cell, cell], faint);
        continue;
      }
      const color = colorOf(map.weights[i][j], domain);
      fill(pixels, x, y, [cell, cell], color);
      const number = numbers?.[i]![j];
      if (number === undefined) continue;
      const start = x + Math.floor((cell - textLength(number, 1)) / 2);
      drawText(pixels, number, { left: start, top: y + Math.floor((cell - GLYPH) / 2), scale: 1, color: inkOn(color) });
    }
  }
}
