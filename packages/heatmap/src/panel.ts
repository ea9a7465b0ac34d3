import stringWidth from 'string-width';
import type { CheckedMap, Domain } from './attention-map.js';
import { colorAt, colorOf, hex } from './color.js';
import { cellPixels, encodePixels } from './pixels.js';
import { clean, shortNumber, truncate, widest } from './text.js';
import { escapeXml } from './xml.js';

const MARGIN = 16;
export const FONT = 13;
// Advance of the monospaced font in em, and the least room a label needs along its axis.
const ADVANCE = 0.61;
const LABEL_PITCH = 15;
// Between upright labels, so that 9 10 doesn't read as 910.
const LABEL_GAP = 4;
const LONGEST_LABEL = 28;
const LONGEST_TITLE = 100;
const BOLD_ADVANCE = 1.1;
// What all cells along the longer side should fit in, and the sizes a cell may have.
const SIDE = 1200;
const LARGEST_CELL = 28;
const SMALLEST_CELL = 2;
const MOST_RECTANGLES = 64 * 64;

/** Where the parts of a map are, in pixels. */
export interface PanelLayout extends Grid {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly rowLabels: readonly Label[];
  readonly columnLabels: readonly Label[];
  /** Whether column labels stand upright, not turned. */
  readonly upright: boolean;
}

/** Room for everything around cells of a size, by default one that fits the longer side on a screen. */
export function layOutPanel(map: CheckedMap, domain: Domain, cell = fittingCell(map)): PanelLayout {
  const { rows, columns } = map;
  const step = Math.ceil(LABEL_PITCH / cell);
  const rowLabels = visible(map.rowLabels, step);
  const columnLabels = visible(map.columnLabels, step);
  const upright = columnLabels.every(({ text }) => textWidth(text) + LABEL_GAP <= cell * step);

  const title = truncate(clean(map.title), LONGEST_TITLE);
  const left = Math.ceil(MARGIN + FONT * 1.5 + widest(texts(rowLabels), textWidth) + 6);
  const labelHeight = upright ? FONT : widest(texts(columnLabels), textWidth);
  const top = Math.ceil(MARGIN + titleHeight(title) + FONT * 1.5 + labelHeight + 6);
  const widths = [
    left + columns * cell,
    left + scale(domain, left, 0).width,
    MARGIN + textWidth(title) * BOLD_ADVANCE,
    left + textWidth(clean(map.columnAxis)),
  ];
  return {
    cell,
    left,
    top,
    title,
    rowLabels,
    columnLabels,
    upright,
    width: Math.ceil(Math.max(...widths)) + MARGIN,
    height: top + rows * cell + FONT * 2 + MARGIN,
  };
}

const fittingCell = ({ rows, columns }: CheckedMap): number =>
  Math.min(LARGEST_CELL, Math.max(SMALLEST_CELL, Math.floor(SIDE / Math.max(rows, columns, 1))));

const titleHeight = (title: string): number => (title === '' ? 0 : FONT * 2);

/**
 * The content of an SVG element.
 *
 * @param cells 'none' leaves them to the caller, who has the layout
 */
export function drawPanel(
  map: CheckedMap,
  domain: Domain,
  layout: PanelLayout,
  cells: 'drawn' | 'none' = 'drawn',
): string {
  const { rows, columns, rowAxis, columnAxis } = map;
  const { cell, left, top, title, rowLabels, columnLabels, upright } = layout;
  const gridWidth = columns * cell;
  const gridHeight = rows * cell;

  const parts: string[] = [];
  if (title !== '') {
    parts.push(`<text class="heed-title" x="${MARGIN}" y="${MARGIN + FONT}">${escapeXml(title)}</text>`);
  }
  const middle = left + gridWidth / 2;
  parts.push(
    `<text class="heed-axis" x="${middle}" y="${MARGIN + titleHeight(title) + FONT}" text-anchor="middle">${escapeXml(clean(columnAxis))}</text>`,
  );
  const axisX = MARGIN + FONT / 2;
  const axisY = top + gridHeight / 2;
  parts.push(
    `<text class="heed-axis" x="${axisX}" y="${axisY}" text-anchor="middle" ` +
      `transform="rotate(-90 ${axisX} ${axisY})">${escapeXml(clean(rowAxis))}</text>`,
  );
  parts.push(...columnTexts(columnLabels, { left, top, cell, upright }), ...rowTexts(rowLabels, { left, top, cell }));
  if (cells === 'drawn') {
    parts.push(isLarge(map) ? picture(map, domain, layout) : rectangles(map, domain, layout));
  }
  parts.push(scale(domain, left, top + gridHeight + FONT).content);
  return parts.join('');
}

/** Beyond this many cells one picture replaces the rectangles: browsers grow slow. */
export const isLarge = ({ rows, columns }: CheckedMap): boolean => rows * columns > MOST_RECTANGLES;

interface Grid {
  readonly left: number;
  readonly top: number;
  readonly cell: number;
}

function columnTexts(labels: readonly Label[], { left, top, cell, upright }: Grid & { upright: boolean }): string[] {
  return labels.map(({ index, text }) => {
    const x = left + (index + 0.5) * cell;
    const y = top - 6;
    const turned = `transform="rotate(-90 ${x} ${y})" dominant-baseline="central"`;
    return `<text x="${x}" y="${y}" ${upright ? 'text-anchor="middle"' : turned}>${escapeXml(text)}</text>`;
  });
}

function rowTexts(labels: readonly Label[], { left, top, cell }: Grid): string[] {
  return labels.map(({ index, text }) => {
    const y = top + (index + 0.5) * cell;
    return `<text x="${left - 6}" y="${y}" text-anchor="end" dominant-baseline="central">${escapeXml(text)}</text>`;
  });
}

function rectangles(map: CheckedMap, domain: Domain, { left, top, cell }: Grid): string {
  const rowNames = map.rowLabels.map((label) => escapeXml(clean(label)));
  const columnNames = map.columnLabels.map((label) => escapeXml(clean(label)));
  let result = '<g shape-rendering="crispEdges">';
  for (let i = 0; i < map.rows; i++) {
    for (let j = 0; j < map.columns; j++) {
      const weight = map.weights[i]![j]!;
      result +=
        `<rect x="${left + j * cell}" y="${top + i * cell}" width="${cell}" height="${cell}" fill="${hex(colorOf(weight, domain))}">` +
        `<title>${rowNames[i]} ← ${columnNames[j]}: ${shortNumber(weight)}</title></rect>`;
    }
  }
  return `${result}</g>`;
}

function picture(map: CheckedMap, domain: Domain, { left, top, cell }: Grid): string {
  const data = encodePixels(cellPixels(map, domain));
  let binary = '';
  for (const byte of data) binary += String.fromCharCode(byte);
  return (
    `<image x="${left}" y="${top}" width="${map.columns * cell}" height="${map.rows * cell}" preserveAspectRatio="none" ` +
    `style="image-rendering:pixelated" href="data:image/png;base64,${btoa(binary)}"/>`
  );
}

function scale([low, high]: Domain, left: number, top: number): { width: number; content: string } {
  const steps = 24;
  const step = 5;
  const from = shortNumber(low);
  const start = Math.ceil(left + textWidth(from) + 6);
  const bars = Array.from({ length: steps }, (_, n) => {
    const color = hex(colorAt(n / (steps - 1)));
    return `<rect x="${start + n * step}" y="${top}" width="${step}" height="${FONT}" fill="${color}"/>`;
  });
  const end = start + steps * step + 6;
  const baseline = top + FONT - 2;
  return {
    width: end - left + textWidth(shortNumber(high)),
    content:
      `<text x="${left}" y="${baseline}">${from}</text>${bars.join('')}` +
      `<text x="${end}" y="${baseline}">${shortNumber(high)}</text>`,
  };
}

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

// Wide characters take two advances, which is what the terminal's rule says too.
const textWidth = (text: string): number => stringWidth(text) * FONT * ADVANCE;
