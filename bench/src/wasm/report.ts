import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import type { CaseOutcome, Target } from './case.js';

export interface Report {
  /** The command that makes such a report. */
  readonly command: string;
  readonly date: string;
  readonly machine: string;
  readonly node: string;
  /** Which of its builds Heed's kernels are; absent from runs of which each system says that itself. */
  readonly simd?: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly rounds: number;
  readonly cases: readonly CaseOutcome[];
  readonly targets: readonly Target[];
}

const PEERS = [
  '@tensorflow/tfjs-backend-wasm',
  'onnxruntime-web',
  'onnxruntime-node',
  '@huggingface/transformers',
  '@jax-js/jax',
];

export function describeRun(command: string, cases: readonly CaseOutcome[], rounds: number, simd?: string): Report {
  return {
    command,
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${process.platform} ${process.arch}`,
    node: process.versions.node,
    ...(simd !== undefined && { simd }),
    versions: Object.fromEntries(PEERS.map((name) => [name, versionOf(name)])),
    rounds,
    cases,
    targets: cases.flatMap(({ targets }) => targets),
  };
}

function versionOf(name: string): string {
  const require = createRequire(import.meta.url);
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return (require(`${folder}/${name}/package.json`) as { version: string }).version;
    } catch {
      // in another folder, then
    }
  }
  return 'not installed';
}

export function markdown(report: Report): string {
  const { command, date, machine, node, simd, versions, rounds } = report;
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${[
    '# Results',
    '',
    `Written by \`pnpm ${command} --save\` on ${date}: ${machine}, Node ${node}${simd === undefined ? '' : `, ${simd} build`}, ${rounds} rounds. ${peers.join(', ')}.`,
    '',
    'A ratio is the median over rounds of a system’s time by that of Heed on one thread, in brackets its 95 % interval.',
    '',
    '| target | wanted | measured | |',
    '| --- | --- | --- | --- |',
    ...report.targets.map(
      ({ name, target, direction, unit, measured, interval, met }) =>
        `| ${name} | ${direction === 'least' ? '≥' : '≤'} ${target} ${unit} | ${measured} ${unit}${brackets(interval)} | ${met ? 'met' : '**missed**'} |`,
    ),
    ...report.cases.flatMap(section),
  ].join('\n')}\n`;
}

const brackets = (interval?: readonly [number, number]): string =>
  interval === undefined ? '' : ` (${interval[0]}–${interval[1]})`;

function section({ case: name, title, standings, leftOut, rows = [] }: CaseOutcome): string[] {
  const columns = Object.keys(rows[0] ?? {});
  return [
    '',
    `## ${name}`,
    '',
    `${title[0].toUpperCase()}${title.slice(1)}.`,
    ...(standings.length > 0 ? ['', '| system | ms (range) | times Heed’s |', '| --- | --- | --- |'] : []),
    ...standings.map(
      ({ system, ms, range, ratio, interval }) =>
        `| ${system} | ${ms} (${range[0]}–${range[1]}) | ${ratio}${brackets(interval)} |`,
    ),
    ...(columns.length > 0 ? ['', `| ${columns.join(' | ')} |`, `|${' --- |'.repeat(columns.length)}`] : []),
    ...rows.map((row) => `| ${columns.map((column) => row[column]).join(' | ')} |`),
    ...(leftOut.length > 0 ? ['', `Left out: ${leftOut.join('; ')}.`] : []),
  ];
}
