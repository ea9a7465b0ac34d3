import { extname } from 'node:path';
import {
  listCases,
  renderReport,
  runConformance,
  type CaseResult,
  type ConformanceOptions,
  type ConformanceReport,
} from '@heed/conformance';
import type { BackendFactory } from '@heed/core';
import { BACKEND_NAMES, loadBackend, versionsOf } from '../backends.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { BackendFlag, CommonFlags } from '../flags.js';
import { writeWhole } from '../io/files.js';
import type { Output } from '../io/output.js';
import { UsageError, namingUsage } from '../usage-error.js';

interface ConformanceFlags extends CommonFlags, BackendFlag {
  readonly group?: readonly string[];
  readonly case?: readonly string[];
  readonly onnx?: string;
  readonly out?: string;
}

export async function conformance(output: Output, flags: ConformanceFlags): Promise<ExitCode> {
  const write = reportWriter(flags.out);
  const name = flags.backend ?? BACKEND_NAMES[0]!;
  const factory = await loadBackend(name);
  const suite = flags.onnx === undefined ? ownSuite(flags) : await onnxSuite(flags.onnx, flags);
  const options = { versions: versionsOf(name), onCase: progressOf(output, suite.total) };
  const report = await namingUsage(() => suite.run(factory, options));

  if (flags.out !== undefined) {
    await writeWhole(flags.out, write(report));
    output.event({ event: 'written', file: flags.out });
    output.print(`written to ${flags.out}`);
  }
  const { cases: _, totals, ...about } = report;
  const { passed, failed, ...rest } = totals;
  output.event({ event: 'done', passed, failed, ...rest, ...about });
  output.print(summary(report, output));
  return failed > 0 ? EXIT.toleranceBreached : EXIT.ok;
}

type RunOptions = Pick<ConformanceOptions, 'onCase' | 'versions'>;

interface Suite {
  readonly total: number;
  readonly run: (factory: BackendFactory, options: RunOptions) => Promise<ConformanceReport>;
}

function ownSuite({ group, case: ids }: ConformanceFlags): Suite {
  const chosen = listCases().filter((one) => (group?.includes(one.group) ?? true) && (ids?.includes(one.id) ?? true));
  return {
    total: chosen.length,
    run: (factory, options) => runConformance(factory, { ...options, groups: group, cases: ids }),
  };
}

async function onnxSuite(folder: string, { group, case: ids }: ConformanceFlags): Promise<Suite> {
  if (group !== undefined) throw new UsageError('--onnx runs a folder of its own', 'leave --group out');
  const { loadOnnxFolder } = await import('@heed/conformance/node');
  const { runOnnx } = await import('@heed/conformance/onnx');
  const cases = await loadOnnxFolder(folder);
  const unknown = ids?.filter((id) => !cases.some((one) => one.id === id)) ?? [];
  if (unknown.length > 0) throw new UsageError(`${folder} has no case ${unknown.join(', ')}`);
  const chosen = cases.filter(({ id }) => ids?.includes(id) ?? true);
  return { total: chosen.length, run: (factory, options) => runOnnx(factory, chosen, options) };
}

const WRITERS: Readonly<Record<string, (report: ConformanceReport) => string>> = {
  '.html': (report) => renderReport([report]),
  '.json': (report) => `${JSON.stringify(report, undefined, 2)}\n`,
};

/** Chosen before the work, so that a wrong extension costs nothing. */
function reportWriter(file: string | undefined): (report: ConformanceReport) => string {
  const extension = file === undefined ? '.json' : extname(file).toLowerCase();
  if (!Object.hasOwn(WRITERS, extension)) {
    throw new UsageError(`a report can't be written as ${file}`, `end it in ${Object.keys(WRITERS).join(' or ')}`);
  }
  return WRITERS[extension]!;
}

function progressOf(output: Output, total: number): (result: CaseResult) => void {
  const started = performance.now();
  let done = 0;
  return (result) => {
    done++;
    output.event({ event: 'case', ...result });
    if (result.status !== 'passed') output.print(describe(result, output));
    const perCase = (performance.now() - started) / done / 1000;
    const note = `${(1 / perCase).toFixed(0)}/s`;
    output.progress({ done, total, unit: 'case', note, secondsLeft: (total - done) * perCase });
  };
}

function summary({ backend, totals }: ConformanceReport, { paint }: Output): string {
  const { passed, failed, knownFailures, skipped, fused, composed, ms } = totals;
  const verdict = failed === 0 ? paint.green(`${passed} passed`) : paint.red(`${failed} failed, ${passed} passed`);
  const extra =
    (knownFailures > 0 ? `, ${knownFailures} known failures` : '') + (skipped > 0 ? `, ${skipped} skipped` : '');
  return `${backend}: ${verdict}${extra} · ${fused} fused, ${composed} composed · ${(ms / 1000).toFixed(1)} s`;
}

function describe({ id, status, message }: CaseResult, { paint }: Output): string {
  const color = status === 'failed' ? paint.red : paint.yellow;
  const why = message === undefined ? '' : `\n${message.replaceAll(/^/gm, '  ')}`;
  return `${color(status)} ${id}${why}`;
}
