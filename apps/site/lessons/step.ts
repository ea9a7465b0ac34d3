/** A table of a step: numbers that are given, or that are computed of those. */
export interface StepTable {
  /** Name of the numbers in formulas: 'W₁', 'α'. */
  readonly symbol: string;
  /** Its first heading, as written: 'e: scores', 'α = softmax(e)'. */
  readonly heading: string;
  /** Whether readers can change it: a table whose heading has a formula is computed. */
  readonly isGiven: boolean;
  readonly columns: readonly string[];
  readonly rows: readonly StepRow[];
  /** Decimals that its numbers are written with. */
  readonly digits: number;
}

interface StepRow {
  readonly label: string;
  readonly numbers: readonly number[];
}

/** A worked example that comes alive on the site. */
export interface Step {
  /** What computes it: a name of `COMPUTATIONS`. */
  readonly op: string;
  readonly tables: readonly StepTable[];
}

/** Comments around a step in a page's Markdown. */
export const STEP_BEGIN = /^<!-- step: ([\w-]+) -->\s*$/;
export const STEP_END = /^<!-- step: end -->\s*$/;

/** Anchor of a step in its page. */
export const idOfStep = (op: string): string => `step-${op}`;

/**
 * Steps of a page, in order.
 *
 * @throws Error for a step without end, or a cell that is no number
 */
export function stepsOf(markdown: string): Step[] {
  const lines = markdown.split('\n');
  const steps: Step[] = [];
  for (let at = 0; at < lines.length; at++) {
    const op = STEP_BEGIN.exec(lines[at]!)?.[1];
    if (op === undefined || op === 'end') continue;
    const end = lines.findIndex((line, n) => n > at && STEP_END.test(line));
    if (end < 0) throw new Error(`step '${op}' has no end`);
    steps.push({ op, tables: tablesOf(lines.slice(at, end)) });
    at = end;
  }
  return steps;
}

function tablesOf(lines: readonly string[]): StepTable[] {
  const tables: StepTable[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (!lines[at]!.startsWith('|')) continue;
    const after = lines.findIndex((line, n) => n > at && !line.startsWith('|'));
    const rows = lines.slice(at, after < 0 ? undefined : after);
    tables.push(
      tableOf(
        rows.map((row) =>
          row
            .split('|')
            .slice(1, -1)
            .map((cell) => cell.trim()),
        ),
      ),
    );
    at += rows.length;
  }
  return tables;
}

/** @param rows  cells of heading, rule and rows */
function tableOf([[heading = '', ...columns] = [], , ...rows]: readonly string[][]): StepTable {
  const symbol = /^[^\s=:：]+/.exec(heading)?.[0];
  if (symbol === undefined) throw new Error(`a step's table has no name: ${columns.join(' | ')}`);
  const cells = rows.flatMap(([, ...numbers]) => numbers);
  return {
    symbol,
    heading,
    isGiven: !heading.includes('='),
    columns,
    rows: rows.map(([label = '', ...numbers]) => ({ label, numbers: numbers.map((cell) => numberOf(cell, heading)) })),
    digits: Math.max(0, ...cells.map((cell) => /\.(\d+)$/.exec(cell)?.[1]!.length ?? 0)),
  };
}

function numberOf(cell: string, heading: string): number {
  const number = Number(cell);
  if (cell === '' || Number.isNaN(number)) throw new Error(`'${cell}' in the table '${heading}' is no number`);
  return number;
}
