import type { Difference } from '@heed/conformance';
import type { Ansis } from 'ansis';
import { significant } from '../io/numbers.js';
import { GRADIENT } from './solve.js';

/** The differences of every output, for one backend or one pair. */
export interface Column {
  readonly heading: string;
  readonly cells: readonly (Difference & { readonly passed?: boolean })[];
}

const CELL = ['absolute', 'relative', 'ulps'] as const;
const WIDTHS = [9, 9, 7]; // '1.2·10⁻¹⁰'
const CELL_WIDTH = WIDTHS.reduce((sum, width) => sum + width + 1, 1);

/** A line an output, as many columns side by side as there is room for. */
export function table(columns: readonly Column[], paint: Ansis, width: number): string {
  const names = columns[0].cells.map(({ output }) => rowName(output));
  const margin = Math.max(...names.map((name) => name.length));
  const perBlock = Math.max(1, Math.floor((width - margin) / CELL_WIDTH));
  const blocks: string[] = [];
  for (let start = 0; start < columns.length; start += perBlock) {
    blocks.push(block(names, columns.slice(start, start + perBlock), margin, paint));
  }
  return blocks.join('\n\n');
}

function block(names: readonly string[], columns: readonly Column[], margin: number, paint: Ansis): string {
  const space = ' '.repeat(margin);
  const headings = columns.map(({ heading }) => paint.bold(`  ${heading}`.padEnd(CELL_WIDTH))).join('');
  const units = columns.map(() => cell([...CELL])).join('');
  const lines = names.map((name, n) => {
    const numbers = columns.map(({ cells }) => {
      const { absolute, relative, ulps, passed } = cells[n];
      const text = cell([absolute, relative, ulps].map(short));
      return passed === false ? paint.red(text) : text;
    });
    return `${name.padEnd(margin)}${numbers.join('')}`;
  });
  return [`${space}${headings}`.trimEnd(), `${space}${paint.dim(units)}`, ...lines].join('\n');
}

const cell = (parts: readonly string[]): string =>
  ` ${parts.map((part, n) => ` ${part.padStart(WIDTHS[n])}`).join('')}`;

/** Name of a row: of a gradient, its parameter's name. */
const rowName = (output: string): string =>
  output.startsWith(GRADIENT) ? `∇ ${output.slice(GRADIENT.length)}` : output;

/** Two digits: an error is a size, not a number to compute with. */
export const short = (value: number): string => significant(value, 2);
