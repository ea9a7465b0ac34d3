import { checkOptions, type OptionNames } from '@heed/base';
import stringWidth from 'fast-string-width';
import {
  checkMaps,
  domainOf,
  hasMasked,
  isMasked,
  type AttentionMaps,
  type CheckedMap,
  type Domain,
} from './attention-map.js';
import { RENDER_OPTIONS, type RenderOptions } from './render-options.js';
import { CELL, PAINTERS, scaleOf, type Painter, type TerminalColors } from './terminal-scale.js';
import { clean, graphemes, pad, truncate, widest } from './text.js';
import { ENGLISH } from './words.js';

export interface TerminalOptions extends RenderOptions {
  /** Colours that the terminal has. Default 'plain': characters only. */
  readonly colors?: TerminalColors;
  /** Width of the terminal, in columns; a wider map continues below. Default 80. */
  readonly width?: number;
  /** Greatest number of rows and of columns; the rest is left out, and the last line says so. Default: no limit. */
  readonly limit?: number;
}

const OPTIONS: OptionNames<TerminalOptions> = { ...RENDER_OPTIONS, colors: true, width: true, limit: true };

/** Maps as text for a terminal: title, cells with labels, and scale. It ends with a line feed. */
export function renderTerminal(maps: AttentionMaps, given: TerminalOptions = {}): string {
  checkOptions('renderTerminal', given, OPTIONS);
  const { colors = 'plain', width = 80, limit = Infinity, words = ENGLISH, ...options } = given;
  const checked = checkMaps(maps);
  const domain = domainOf(checked, options);
  const paint = PAINTERS[colors];
  const layout = { paint, domain, width, limit, masked: clean(words.masked) };
  return checked.map((map) => renderMap(map, layout)).join('\n');
}

interface Layout {
  readonly paint: Painter;
  readonly width: number;
  readonly domain: Domain;
  readonly limit: number;
  readonly masked: string;
}

// Column labels up to this width are written above their column; longer ones are written downwards.
const WIDEST_UPRIGHT_LABEL = 4;
const LONGEST_HANGING_LABEL = 12;
const WIDEST_ROW_LABEL = 24;

function renderMap(map: CheckedMap, layout: Layout): string {
  const { paint, domain, width, limit } = layout;
  const rows = Math.min(map.rows, limit);
  const columns = Math.min(map.columns, limit);
  const rowLabels = map.rowLabels
    .slice(0, rows)
    .map((label) => truncate(clean(label), Math.min(WIDEST_ROW_LABEL, Math.floor(width / 3))));
  const columnLabels = map.columnLabels.slice(0, columns).map(clean);
  const margin = widest(rowLabels, (label) => stringWidth(label));
  const labelWidth = widest(columnLabels, (label) => stringWidth(label));
  const upright = labelWidth <= WIDEST_UPRIGHT_LABEL;
  const cell = upright ? Math.max(CELL, labelWidth + 1) : CELL;

  const lines = map.title === '' ? [] : [truncate(clean(map.title), width)];
  const perBlock = Math.max(1, Math.floor((width - margin - 1) / cell));
  for (let start = 0; start < columns; start += perBlock) {
    const end = Math.min(columns, start + perBlock);
    if (perBlock < columns) lines.push(`${clean(map.columnAxis)} ${start} to ${end - 1}:`);
    const labels = columnLabels.slice(start, end);
    for (const line of upright ? [labels] : hang(labels)) {
      lines.push(`${' '.repeat(margin + 1)}${line.map((text) => pad(text, cell)).join('')}`.trimEnd());
    }
    for (let i = 0; i < rows; i++) {
      let line = `${pad(rowLabels[i], margin, 'left')} `;
      for (let j = start; j < end; j++) {
        line += isMasked(map, i, j) ? pad(MASKED, cell) : paint(map.weights[i][j], domain, cell);
      }
      lines.push(line);
    }
  }
  if (rows === 0 || columns === 0) lines.push(`(${map.rows} rows, ${map.columns} columns)`);
  else lines.push(...legend(layout, margin + 1, hasMasked(map)));
  if (rows < map.rows || columns < map.columns) {
    lines.push(`showing ${rows} of ${map.rows} rows and ${columns} of ${map.columns} columns`);
  }
  return `${lines.join('\n')}\n`;
}

/** Lines of labels that are written downwards, one list of characters for each line; the labels end at the same line. */
function hang(labels: readonly string[]): string[][] {
  const letters = labels.map((label) => graphemes(truncate(label, LONGEST_HANGING_LABEL)));
  const height = letters.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: height }, (_, line) =>
    letters.map((characters) => characters[line - (height - characters.length)] ?? ''),
  );
}

/** Lines of the legend: the scale, and the look of a masked cell. They start below the cells, or at the left edge to fit the width. */
function legend({ paint, domain, width, masked }: Layout, indent: number, withMasked: boolean): string[] {
  const { text: scale, width: length } = scaleOf(paint, domain);
  const line = (text: string, columns: number): string =>
    `${' '.repeat(indent + columns <= width ? indent : 0)}${text}`;
  if (!withMasked) return [line(scale, length)];
  const note = `${MASKED} ${masked}`;
  const both = length + 2 + stringWidth(note);
  return indent + both <= width
    ? [line(`${scale}  ${note}`, both)]
    : [line(scale, length), line(truncate(note, width), stringWidth(note))];
}

/** Characters of a masked cell, with all kinds of colours. */
const MASKED = '//';
