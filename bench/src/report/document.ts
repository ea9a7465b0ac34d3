import type { CaseOutcome } from '../case.js';
import type { Figure } from '../figure.js';
import { sentenceOf, type ByHand } from './by-hand.js';
import { runtimeOf, type Report } from './report.js';

/** A part of the results as people read them, in whatever form. */
export type Block =
  | { readonly heading: string; readonly level: 1 | 2 }
  | { readonly text: string }
  | { readonly list: readonly string[] }
  | {
      /** What it is, for who can't see where it stands. */
      readonly caption: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly Cell[])[];
    };

/** A cell of a table; one that tells of a missed target is emphasised. */
export type Cell = string | { readonly text: string; readonly missed: true };

/** Results of one or several runs of the same command, side by side, and under their cases what was measured by hand. */
export function documentOf(reports: readonly Report[], byHand: readonly ByHand[] = []): Block[] {
  const names = [...new Set(reports.flatMap(({ cases }) => cases.map(({ case: name }) => name)))];
  return [
    { heading: 'Results', level: 1 },
    { text: `Written by \`pnpm ${reports[0].command} --save\`.` },
    { list: reports.map(circumstances) },
    {
      text: 'A ratio is the median over rounds of a system’s time by that of the first, in brackets its 95 % interval.',
    },
    { caption: 'Targets and other figures', ...figures(reports) },
    ...names.flatMap((name) =>
      section(name, reports).concat(
        byHand.filter((one) => one.case === name).map((one) => ({ text: sentenceOf(one) })),
      ),
    ),
  ];
}

function circumstances({ date, machine, node, simd, versions, rounds }: Report): string {
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `Node ${node}${simd === undefined ? '' : `, ${simd} build`}: ${date}, ${machine}, ${rounds} rounds. ${peers.join(', ')}.`;
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

function figures(reports: readonly Report[]): { columns: string[]; rows: Cell[][] } {
  const own = reports.map(({ cases }) => new Map(cases.flatMap((one) => one.figures).map((one) => [one.name, one])));
  const names = unique(own.flatMap((one) => [...one.keys()]));
  return {
    columns: ['figure', 'wanted', ...reports.map(runtimeOf)],
    rows: names.map((name) => {
      const each = own.map((one) => one.get(name));
      const wanted = unique(each.flatMap((one) => (one === undefined ? [] : [wantedOf(one)])));
      const start: Cell[] = [name, wanted.join('; ')];
      return start.concat(each.map((one) => (one === undefined ? '' : measuredOf(one))));
    }),
  };
}

const wantedOf = ({ target, direction, unit }: Figure): string =>
  target === null ? '' : `${direction === 'least' ? '≥' : '≤'} ${target} ${unit}`;

function measuredOf({ measured, unit, interval, met }: Figure): Cell {
  const text = `${measured} ${unit}${brackets(interval)}`;
  return met === null ? text : met ? `${text}, met` : { text: `${text}, missed`, missed: true };
}

const brackets = (interval?: readonly [number, number]): string =>
  interval === undefined ? '' : ` (${interval[0]}–${interval[1]})`;

/** A case of all reports that have it. */
function section(name: string, reports: readonly Report[]): Block[] {
  const found = reports.flatMap((report) => {
    const outcome = report.cases.find((one) => one.case === name);
    return outcome ? [{ runtime: runtimeOf(report), outcome }] : [];
  });
  const [{ outcome }] = found;
  const blocks: Block[] = [
    { heading: name, level: 2 },
    { text: `${outcome.title[0].toUpperCase()}${outcome.title.slice(1)}.` },
  ];
  if (found.some(({ outcome }) => outcome.standings.length > 0)) {
    blocks.push({ caption: `${name}: systems`, ...standings(found) });
  }
  if (found.some(({ outcome }) => outcome.rows !== undefined)) blocks.push({ caption: name, ...table(found) });
  for (const { runtime, outcome } of found) {
    if (outcome.leftOut.length > 0) blocks.push({ text: `Left out on ${runtime}: ${outcome.leftOut.join('; ')}.` });
  }
  return blocks;
}

type Found = readonly { readonly runtime: string; readonly outcome: CaseOutcome }[];

function standings(found: Found): { columns: string[]; rows: string[][] } {
  const systems = unique(found.flatMap(({ outcome }) => outcome.standings.map(({ system }) => system)));
  return {
    columns: ['system', ...found.flatMap(({ runtime }) => [`${runtime}, ms (range)`, 'times the first'])],
    rows: systems.map((system) => [system].concat(found.flatMap(({ outcome }) => timesOf(outcome, system)))),
  };
}

function timesOf({ standings }: CaseOutcome, wanted: string): [ms: string, ratio: string] {
  const one = standings.find(({ system }) => system === wanted);
  return one ? [`${one.ms} (${one.range[0]}–${one.range[1]})`, `${one.ratio}${brackets(one.interval)}`] : ['', ''];
}

/** The rows of a case, with a column for which of several Nodes they are of. */
function table(found: Found): { columns: string[]; rows: string[][] } {
  const columns = unique(found.flatMap(({ outcome: { rows = [] } }) => Object.keys(rows[0] ?? {})));
  const isSeveral = found.length > 1;
  return {
    columns: isSeveral ? ['on', ...columns] : columns,
    rows: found.flatMap(({ runtime, outcome: { rows = [] } }) =>
      rows.map((row) => {
        const cells = columns.map((column) => String(row[column] ?? ''));
        return isSeveral ? [runtime, ...cells] : cells;
      }),
    ),
  };
}
