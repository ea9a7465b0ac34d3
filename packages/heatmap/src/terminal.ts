import { checkOptions, type OptionNames } from '@heed/core/options';
import { Ansis } from 'ansis';
import stringWidth from 'string-width';
import {
  checkMaps,
  DOMAIN_OPTIONS,
  domainOf,
  type AttentionMaps,
  type CheckedMap,
  type Domain,
  type DomainOptions,
} from './attention-map.js';
import { colorAt, shareOf } from './color.js';
import { clean, graphemes, pad, shortNumber, truncate, widest } from './text.js';

export interface TerminalOptions extends DomainOptions {
  /** Default 'plain': characters only. */
  readonly colors?: 'truecolor' | 'ansi256' | 'plain';
  /** Columns of the terminal; wider maps are continued below. Default 80. */
  readonly width?: number;
  /** Rows and columns of a map beyond so many are left out, and the last line says so. Default no limit. */
  readonly limit?: number;
}

const OPTIONS: OptionNames<TerminalOptions> = { ...DOMAIN_OPTIONS, colors: true, width: true, limit: true };

/** Text that ends with a line feed: the title, the labelled map, its scale. */
export function renderTerminal(maps: AttentionMaps, given: TerminalOptions = {}): string {
  checkOptions('renderTerminal', given, OPTIONS);
  const { colors = 'plain', width = 80, limit = Infinity, ...options } = given;
  const checked = checkMaps(maps);
  const domain = domainOf(checked, options);
  const paint = PAINTERS[colors];
  return checked.map((map) => renderMap(map, { paint, domain, width, limit })).join('\n');
}

/** Draws a share from 0 to 1 as `width` terminal columns. */
type Painter = (share: number, width: number) => string;

interface Layout {
  readonly paint: Painter;
  readonly width: number;
  readonly domain: Domain;
  readonly limit: number;
}

// Square: two columns of a terminal are about as wide as one line is high.
const CELL = 2;
// Column labels up to this width stand above their column; longer ones run downwards.
const WIDEST_UPRIGHT_LABEL = 4;
const LONGEST_HANGING_LABEL = 12;
const WIDEST_ROW_LABEL = 24;
const SCALE_STEPS = 10;

function renderMap(map: CheckedMap, { paint, domain, width, limit }: Layout): string {
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
      let line = `${pad(rowLabels[i]!, margin, 'left')} `;
      for (let j = start; j < end; j++) line += paint(shareOf(map.weights[i]![j]!, domain), cell);
      lines.push(line);
    }
  }
  if (rows === 0 || columns === 0) lines.push(`(${map.rows} rows, ${map.columns} columns)`);
  else lines.push(scaleLine(paint, domain, margin + 1, width));
  if (rows < map.rows || columns < map.columns) {
    lines.push(`showing ${rows} of ${map.rows} rows and ${columns} of ${map.columns} columns`);
  }
  return `${lines.join('\n')}\n`;
}

/** Labels written downwards: one list of characters a line, bottom-aligned so that they end at their column. */
function hang(labels: readonly string[]): string[][] {
  const letters = labels.map((label) => graphemes(truncate(label, LONGEST_HANGING_LABEL)));
  const height = letters.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: height }, (_, line) =>
    letters.map((characters) => characters[line - (height - characters.length)] ?? ''),
  );
}

/** Under the map, or at the edge where there is no room. */
function scaleLine(paint: Painter, [low, high]: Domain, indent: number, width: number): string {
  const [from, to] = [shortNumber(low), shortNumber(high)];
  const steps = Array.from({ length: SCALE_STEPS }, (_, n) => paint(n / (SCALE_STEPS - 1), 1));
  const fits = indent + from.length + to.length + SCALE_STEPS + 2 <= width;
  return `${' '.repeat(fits ? indent : 0)}${from} ${steps.join('')} ${to}`;
}

const inColor =
  (ansis: Ansis): Painter =>
  (share, width) =>
    ansis.bgRgb(...colorAt(share))(' '.repeat(width));

const PAINTERS: Record<NonNullable<TerminalOptions['colors']>, Painter> = {
  plain: (share, width) => {
    const character = RAMP[Math.round(share * (RAMP.length - 1))]!;
    return character.repeat(CELL).padEnd(width).slice(0, width);
  },
  // The levels of ansis.
  ansi256: inColor(new Ansis(2)),
  truecolor: inColor(new Ansis(3)),
};

// From light to dense; each character inks more of its box than the one before.
const RAMP = ' .:-=+*#%@';
