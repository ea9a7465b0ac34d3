import type { Figure } from '../figure.js';
import type { Report } from './report.js';

/** A figure as one line of `--json`, which says where it was measured, too. */
export interface Line extends Figure {
  readonly case: string;
  /** Median times of the case's systems in milliseconds, by name. */
  readonly systems: Readonly<Record<string, number>>;
  readonly rounds: number;
  readonly node: string;
  readonly simd?: string;
  readonly machine: string;
  readonly date: string;
}

/** The figures of a report. */
export const linesOf = ({ cases, rounds, node, simd, machine, date }: Report): Line[] =>
  cases.flatMap(({ case: name, standings, figures }) => {
    const systems = Object.fromEntries(standings.map(({ system, ms }) => [system, ms]));
    return figures.map((figure) => ({
      case: name,
      ...figure,
      systems,
      rounds,
      node,
      ...(simd !== undefined && { simd }),
      machine,
      date,
    }));
  });

/** Newline-delimited JSON. */
export const ndjson = (lines: readonly Line[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
