import { formatFigure } from '@heed/models/card';
import type { Judgement } from '@heed/tasks';
import type { Output } from '../host.js';
import type { AnyTask } from '../known.js';

/** The figures of each under its name, and, unless it is said elsewhere, what they are. */
export function describeJudgements(
  { paint }: Output,
  { metrics }: AnyTask,
  rows: readonly (readonly [string, Judgement])[],
  { hasMeanings = true }: { readonly hasMeanings?: boolean } = {},
): string {
  const shown = metrics.filter(({ key }) => rows.some(([, { figures }]) => key in figures));
  const judged = rows.flatMap(([name, { figures }]) => {
    const cells = shown.map(({ key, label, format }) => ({ label, figure: formatFigure(figures[key], format) }));
    const lines = inLines(cells, ({ label, figure }) => `${label} ${figure}`.length);
    const write = (line: typeof cells): string =>
      line.map(({ label, figure }) => `${label} ${paint.bold(figure)}`).join('  ');
    return [paint.bold(name), ...lines.map((line) => `  ${write(line)}`)];
  });
  const meanings = shown.flatMap(({ label, meaning }) => (meaning === undefined ? [] : [`  ${label}: ${meaning}`]));
  return [
    ...judged,
    ...(hasMeanings && meanings.length > 0 ? ['', ...meanings.map((line) => paint.dim(line))] : []),
  ].join('\n');
}

/** As many cells a line as fit in 80 columns, with two spaces before each. */
function inLines<Cell>(cells: readonly Cell[], widthOf: (cell: Cell) => number): Cell[][] {
  const lines: Cell[][] = [];
  let room = 0;
  for (const cell of cells) {
    const width = widthOf(cell) + 2;
    if (width > room) {
      lines.push([]);
      room = WIDTH;
    }
    lines.at(-1)!.push(cell);
    room -= width;
  }
  return lines;
}

const WIDTH = 80;
