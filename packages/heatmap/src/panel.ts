import { hasMasked, isMasked, type CheckedMap, type Domain } from './attention-map.js';
import { cellNumbers } from './cell-number.js';
import { cellSize } from './cell-size.js';
import { colorOf, hex, inkOn } from './color.js';
import { dataUrl } from './data-url.js';
import { drawLegend, legendWidth, type Look } from './legend.js';
import { ADVANCE, FONT, textWidth } from './measure.js';
import { encodeCells } from './pixels.js';
import { clean, shortNumber, truncate, widest } from './text.js';
import { escapeXml } from './xml.js';

const MARGIN = 8;
// Labels shrink with their cells, so that each cell has its label, down to this size, which can still be read.
const SMALLEST_FONT = 9;
const LINE_GAP = 2;
// Gap between upright labels, so that 9 and 10 aren't read as 910.
const LABEL_GAP = 4;
const LONGEST_LABEL = 28;
const LONGEST_TITLE = 100;
const BOLD_ADVANCE = 1.1;
const SMALLEST_CELL = 2;
const LARGEST_NUMBER = 12;
const NUMBER_MARGIN = 8;
const MOST_RECTANGLES = 64 * 64;

/** Layout of a panel: positions and sizes of its parts, in pixels. */
export interface PanelLayout extends Grid {
  readonly width: number;
  readonly height: number;
  /** Width of the cells, the labels before them, and the margin. */
  readonly gridWidth: number;
  readonly title: string;
  /** Where rows begin, with their labels: behind the name of their axis. */
  readonly rowsLeft: number;
  readonly legendLeft: number;
  /** Size of the labels' font. */
  readonly font: number;
  readonly rowLabels: readonly Label[];
  readonly columnLabels: readonly Label[];
  /** Whether column labels stand upright, not turned. */
  readonly upright: boolean;
}

/** Lays out a panel around cells of a size, by default one with which the longer side fits on a screen. */
export function layOutPanel(map: CheckedMap, look: Look, cell = cellSize(map, SMALLEST_CELL)): PanelLayout {
  const { rows, columns } = map;
  const font = Math.min(FONT, Math.max(SMALLEST_FONT, cell - LINE_GAP));
  const step = Math.ceil((font + LINE_GAP) / cell);
  const rowLabels = visible(map.rowLabels, step);
  const columnLabels = visible(map.columnLabels, step);
  const upright = columnLabels.every(({ text }) => textWidth(text, font) + LABEL_GAP <= cell * step);

  const title = truncate(clean(map.title), LONGEST_TITLE);
  const widthOf = (text: string): number => textWidth(text, font);
  const rowsLeft = MARGIN + FONT * 1.5;
  const left = Math.ceil(rowsLeft + widest(texts(rowLabels), widthOf) + 6);
  const labelHeight = upright ? font : widest(texts(columnLabels), widthOf);
  const top = Math.ceil(MARGIN + titleHeight(title) + FONT * 1.5 + labelHeight + 6);
  // The scale is under the cells, and starts before them when they are narrower.
  const scaleWidth = legendWidth(look, hasMasked(map));
  const legendLeft = Math.max(MARGIN, Math.min(left, Math.floor(left + columns * cell - scaleWidth)));
  const widths = [
    left + columns * cell,
    legendLeft + scaleWidth,
    MARGIN + textWidth(title) * BOLD_ADVANCE,
    left + textWidth(clean(map.columnAxis)),
  ];
  return {
    cell,
    left,
    top,
    rowsLeft,
    legendLeft,
    title,
    font,
    rowLabels,
    columnLabels,
    upright,
    width: Math.ceil(Math.max(...widths)) + MARGIN,
    gridWidth: left + columns * cell + MARGIN,
    height: top + rows * cell + FONT * 2 + MARGIN,
  };
}

const titleHeight = (title: string): number => (title === '' ? 0 : FONT * 2);

/**
 * Content of an SVG element that shows a map.
 *
 * @param cells 'none' leaves the cells to the caller, who has the layout
 */
export function drawPanel(map: CheckedMap, look: Look, layout: PanelLayout, cells: 'drawn' | 'none' = 'drawn'): string {
  const { columnAxis } = map;
  const { cell, left, top, title, rowLabels, columnLabels } = layout;
  const gridWidth = map.columns * cell;
  const gridHeight = map.rows * cell;

  const parts: string[] = hasMasked(map) ? [HATCH] : [];
  if (title !== '') {
    parts.push(`<text class="heed-title" x="${MARGIN}" y="${MARGIN + FONT}">${escapeXml(title)}</text>`);
  }
  const axis = clean(columnAxis);
  const fits = textWidth(axis) <= gridWidth;
  parts.push(
    `<text class="heed-axis" x="${fits ? left + gridWidth / 2 : left}" y="${MARGIN + titleHeight(title) + FONT}"` +
      `${fits ? ' text-anchor="middle"' : ''}>${escapeXml(axis)}</text>`,
  );
  const axisX = MARGIN + FONT / 2;
  const axisY = top + gridHeight / 2;
  parts.push(
    `<text class="heed-axis" x="${axisX}" y="${axisY}" text-anchor="middle" ` +
      `transform="rotate(-90 ${axisX} ${axisY})">${escapeXml(clean(map.rowAxis))}</text>`,
  );
  parts.push(...columnTexts(columnLabels, layout), ...rowTexts(rowLabels, layout));
  if (cells === 'drawn') {
    parts.push(isLarge(map) ? picture(map, look, layout) : rectangles(map, look, layout));
  }
  parts.push(drawLegend(look, layout.legendLeft, top + gridHeight + FONT, hasMasked(map)));
  return parts.join('');
}

/** Whether a map has so many cells that one picture replaces their rectangles, which would make browsers slow. */
export const isLarge = ({ rows, columns }: CheckedMap): boolean => rows * columns > MOST_RECTANGLES;

interface Grid {
  readonly left: number;
  readonly top: number;
  readonly cell: number;
}

function columnTexts(labels: readonly Label[], { left, top, cell, upright, font }: PanelLayout): string[] {
  return labels.map(({ index, text }) => {
    const x = left + (index + 0.5) * cell;
    const y = top - 6;
    const turned = `transform="rotate(-90 ${x} ${y})" dominant-baseline="central"`;
    return `<text x="${x}" y="${y}"${sized(font)} ${upright ? 'text-anchor="middle"' : turned}>${escapeXml(text)}</text>`;
  });
}

function rowTexts(labels: readonly Label[], { left, top, cell, font }: PanelLayout): string[] {
  return labels.map(({ index, text }) => {
    const y = top + (index + 0.5) * cell;
    return `<text x="${left - 6}" y="${y}"${sized(font)} text-anchor="end" dominant-baseline="central">${escapeXml(text)}</text>`;
  });
}

const sized = (font: number): string => (font === FONT ? '' : ` style="font-size:${font}px"`);

function rectangles(map: CheckedMap, { domain, words }: Look, { left, top, cell }: Grid): string {
  const rowNames = map.rowLabels.map((label) => escapeXml(clean(label)));
  const columnNames = map.columnLabels.map((label) => escapeXml(clean(label)));
  let cells = '<g shape-rendering="crispEdges">';
  for (let i = 0; i < map.rows; i++) {
    for (let j = 0; j < map.columns; j++) {
      const weight = map.weights[i][j];
      const hidden = isMasked(map, i, j);
      const paint = hidden ? 'class="heed-masked" fill="url(#heed-hatch)"' : `fill="${hex(colorOf(weight, domain))}"`;
      cells +=
        `<rect x="${left + j * cell}" y="${top + i * cell}" width="${cell}" height="${cell}" ${paint}>` +
        `<title>${rowNames[i]} ← ${columnNames[j]}: ${hidden ? escapeXml(words.masked) : shortNumber(weight)}</title></rect>`;
    }
  }
  return `${cells}</g>${numbers(map, domain, { left, top, cell })}`;
}

/** Numbers in the cells, when there is room for them. */
function numbers(map: CheckedMap, domain: Domain, { left, top, cell }: Grid): string {
  const room = cell - NUMBER_MARGIN;
  const written = cellNumbers(map, domain, Math.floor(room / (SMALLEST_FONT * ADVANCE)));
  if (written === undefined) return '';
  const longest = widest(written.flat(), ({ length }) => length);
  const font = Math.min(LARGEST_NUMBER, Math.floor(room / (longest * ADVANCE)));
  const texts = written.flatMap((row, i) =>
    row.map((text, j) => {
      if (text === '') return '';
      const ink = hex(inkOn(colorOf(map.weights[i][j], domain)));
      const at = `x="${left + (j + 0.5) * cell}" y="${top + (i + 0.5) * cell}"`;
      return `<text ${at} style="font-size:${font}px;fill:${ink}">${text}</text>`;
    }),
  );
  // The numbers take no pointer events, so that the cell's tooltip appears.
  return `<g class="heed-numbers" pointer-events="none" text-anchor="middle" dominant-baseline="central">${texts.join('')}</g>`;
}

function picture(map: CheckedMap, { domain }: Look, { left, top, cell }: Grid): string {
  const place = `x="${left}" y="${top}" width="${map.columns * cell}" height="${map.rows * cell}"`;
  const behind = hasMasked(map) ? `<rect class="heed-masked" fill="url(#heed-hatch)" ${place}/>` : '';
  return (
    `${behind}<image ${place} preserveAspectRatio="none" ` +
    `style="image-rendering:pixelated" href="${dataUrl(encodeCells(map, domain))}"/>`
  );
}

/** Pattern that fills a masked cell. A page with several maps has it several times, always the same. */
const HATCH =
  '<defs><pattern id="heed-hatch" width="6" height="6" patternUnits="userSpaceOnUse">' +
  '<path class="heed-hatch" d="M-1 1 1 -1M0 6 6 0M5 7 7 5" fill="none"/></pattern></defs>';

/** CSS rules for the elements that this file draws, with the caller's colours. */
export const panelStyle = (scope: string, faint: string): string =>
  `${scope} .heed-title{font-weight:bold}${scope} .heed-hatch{stroke:${faint};stroke-width:1}`;

interface Label {
  readonly index: number;
  readonly text: string;
}

const texts = (labels: readonly Label[]): string[] => labels.map(({ text }) => text);

function visible(labels: readonly string[], step: number): Label[] {
  return labels.flatMap((label, index) =>
    index % step === 0 ? [{ index, text: truncate(clean(label), LONGEST_LABEL) }] : [],
  );
}
