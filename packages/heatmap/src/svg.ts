import stringWidth from 'string-width';
import {
  checkMaps,
  domainOf,
  type AttentionMaps,
  type CheckedMap,
  type Domain,
  type DomainOptions,
} from './attention-map.js';
import { colorAt, colorOf, hex, THEMES, type Theme } from './color.js';
import { cellPixels, encodePixels } from './pixels.js';
import { clean, shortNumber, truncate, widest } from './text.js';
import { escapeXml } from './xml.js';

export interface SvgOptions extends DomainOptions {
  /** 'auto' (the default) follows the reader's system. */
  readonly theme?: Theme | 'auto';
}

/** A standalone SVG document; every cell tells its labels and weight to a pointer or a screen reader. */
export function renderSvg(maps: AttentionMaps, { theme = 'auto', ...options }: SvgOptions = {}): string {
  const checked = checkMaps(maps);
  const domain = domainOf(checked, options);
  const drawn = checked.map((map) => draw(map, domain));
  const width = Math.max(...drawn.map((panel) => panel.width));
  const height = drawn.reduce((sum, panel) => sum + panel.height, 0);
  let top = 0;
  const panels = drawn.map((panel) => {
    const group = `<g transform="translate(0 ${top})">${panel.content}</g>`;
    top += panel.height;
    return group;
  });
  const label = escapeXml(checked.map(summary).join('; ').slice(0, 1000));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `role="img" aria-label="${label}" class="heed-map">${style(theme)}` +
    `<rect class="heed-background" width="${width}" height="${height}"/>${panels.join('')}</svg>\n`
  );
}

/** "title: 7 rows (output) by 9 columns (input)" */
export function summary({ title, rows, columns, rowAxis, columnAxis }: CheckedMap): string {
  const size = `${rows} rows (${clean(rowAxis)}) by ${columns} columns (${clean(columnAxis)})`;
  return title === '' ? `Attention map, ${size}` : `${clean(title)}: ${size}`;
}

const MARGIN = 16;
const FONT = 13;
// Advance of the monospaced font in em, and the least room a label needs along its axis.
const ADVANCE = 0.61;
const LABEL_PITCH = 15;
const LONGEST_LABEL = 28;
// What all cells along the longer side should fit in, and the sizes a cell may have.
const SIDE = 1200;
const LARGEST_CELL = 28;
const SMALLEST_CELL = 2;
// Beyond this many, one embedded picture replaces the rectangles: browsers grow slow.
const MOST_RECTANGLES = 64 * 64;

interface Panel {
  readonly width: number;
  readonly height: number;
  readonly content: string;
}

function draw(map: CheckedMap, domain: Domain): Panel {
  const { rows, columns, rowAxis, columnAxis } = map;
  const cell = Math.min(LARGEST_CELL, Math.max(SMALLEST_CELL, Math.floor(SIDE / Math.max(rows, columns, 1))));
  const step = Math.ceil(LABEL_PITCH / cell);
  const rowLabels = visible(map.rowLabels, step);
  const columnLabels = visible(map.columnLabels, step);
  const upright = columnLabels.every(({ text }) => textWidth(text) <= cell * step);

  const titleHeight = map.title === '' ? 0 : FONT * 2;
  const left = Math.ceil(MARGIN + FONT * 1.5 + widest(texts(rowLabels), textWidth) + 6);
  const labelHeight = upright ? FONT : widest(texts(columnLabels), textWidth);
  const top = Math.ceil(MARGIN + titleHeight + FONT * 1.5 + labelHeight + 6);
  const gridWidth = columns * cell;
  const gridHeight = rows * cell;
  const bottom = top + gridHeight;

  const parts: string[] = [];
  if (titleHeight > 0) {
    const title = escapeXml(truncate(clean(map.title), 100));
    parts.push(`<text class="heed-title" x="${MARGIN}" y="${MARGIN + FONT}">${title}</text>`);
  }
  const middle = left + gridWidth / 2;
  parts.push(
    `<text class="heed-axis" x="${middle}" y="${MARGIN + titleHeight + FONT}" text-anchor="middle">${escapeXml(clean(columnAxis))}</text>`,
  );
  const axisX = MARGIN + FONT / 2;
  const axisY = top + gridHeight / 2;
  parts.push(
    `<text class="heed-axis" x="${axisX}" y="${axisY}" text-anchor="middle" ` +
      `transform="rotate(-90 ${axisX} ${axisY})">${escapeXml(clean(rowAxis))}</text>`,
  );
  parts.push(...columnTexts(columnLabels, { left, top, cell, upright }), ...rowTexts(rowLabels, { left, top, cell }));
  parts.push(
    rows * columns > MOST_RECTANGLES
      ? picture(map, domain, { left, top, cell })
      : rectangles(map, domain, { left, top, cell }),
  );
  const legend = scale(domain, left, bottom + FONT);
  parts.push(legend.content);
  const widths = [left + gridWidth, left + legend.width, MARGIN + textWidth(truncate(clean(map.title), 100)) * 1.1];
  return {
    width: Math.ceil(Math.max(...widths)) + MARGIN,
    height: bottom + FONT * 2 + MARGIN,
    content: parts.join(''),
  };
}

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

function style(theme: Theme | 'auto'): string {
  const rules = (name: Theme): string => {
    const { background, text, faint } = THEMES[name];
    return (
      `.heed-map text{fill:${hex(text)}}.heed-map .heed-axis{fill:${hex(faint)}}` +
      `.heed-map .heed-background{fill:${hex(background)}}`
    );
  };
  const font = `.heed-map text{font:${FONT}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}.heed-map .heed-title{font-weight:bold}`;
  const colors =
    theme === 'auto' ? `${rules('light')}@media(prefers-color-scheme:dark){${rules('dark')}}` : rules(theme);
  return `<style>${font}${colors}</style>`;
}
