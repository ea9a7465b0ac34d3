import {
  listCases,
  parseReport,
  renderReport,
  runConformance,
  type CaseResult,
  type ConformanceOptions,
  type ConformanceReport,
} from '@heed/conformance';
import type { BackendFactory } from '@heed/core';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { loadGradients } from '../gradients.js';
import type { Host, Output } from '../host.js';
import { ofFile } from '../io/of-file.js';
import { UsageError, namingUsage } from '../usage-error.js';
import type { ConformanceFlags } from './conformance-command.js';

export async function conformance(host: Host, flags: ConformanceFlags): Promise<ExitCode> {
  const { output, backends } = host;
  const write = await reportWriter(host, flags);
  const name = flags.backend ?? (await backends.best());
  // Threads that are asked for are to be tested, and most cases are smaller than what threads pay for.
  const factory = await backends.load(name, { threads: flags.threads, allThreads: flags.threads !== undefined });
  const suite = await suiteOf(host, flags);
  const options = { versions: await host.versionsOf(name), onCase: progressOf(output, suite.total) };
  const report = await namingUsage(() => suite.run(factory, options));

  let unwritten: unknown;
  if (flags.out !== undefined) {
    try {
      await host.writeFile(flags.out, write(report));
      output.event({ event: 'written', file: flags.out });
      output.print(`written to ${flags.out}`);
    } catch (error) {
      unwritten = error; // told after the verdict, which took longer to find
    }
  }
  const { cases: _, totals, ...about } = report;
  const { passed, failed, ...rest } = totals;
  output.event({ event: 'done', passed, failed, ...rest, ...about });
  output.print(summary(report, output));
  if (unwritten !== undefined) throw unwritten;
  return failed > 0 ? EXIT.toleranceBreached : EXIT.ok;
}

type RunOptions = Pick<ConformanceOptions, 'onCase' | 'versions'>;

interface Suite {
  readonly total: number;
  readonly run: (factory: BackendFactory, options: RunOptions) => Promise<ConformanceReport>;
}

async function suiteOf(host: Host, flags: ConformanceFlags): Promise<Suite> {
  if (flags.onnx !== undefined && flags.vectors !== undefined)
    throw new UsageError('--onnx and --vectors each run a folder of their own', 'leave one of them out');
  if (flags.onnx !== undefined) return onnxSuite(host, flags.onnx, flags);
  return flags.vectors === undefined ? ownSuite(flags) : vectorSuite(host, flags.vectors, flags);
}

async function ownSuite({ group, case: ids }: ConformanceFlags): Promise<Suite> {
  await loadGradients();
  const chosen = listCases().filter((one) => (group?.includes(one.group) ?? true) && (ids?.includes(one.id) ?? true));
  return {
    total: chosen.length,
    run: (factory, options) => runConformance(factory, { ...options, groups: group, cases: ids }),
  };
}

async function onnxSuite(host: Host, folder: string, flags: ConformanceFlags): Promise<Suite> {
  refuseGroups('--onnx', flags);
  const { runOnnx } = await import('@heed/onnx');
  const chosen = chosenOf(folder, await host.onnxCases(folder), flags);
  return { total: chosen.length, run: (factory, options) => runOnnx(factory, chosen, options) };
}

// The numbers of a few hundred small cases are some megabytes.
const LARGEST_VECTORS = 256 * 2 ** 20;

async function vectorSuite(host: Host, folder: string, flags: ConformanceFlags): Promise<Suite> {
  refuseGroups('--vectors', flags);
  await loadGradients();
  const { readVectors, runVectors } = await import('@heed/vectors');
  const cases = await readVectors((path) => host.readFile(`${folder}/${path}`, LARGEST_VECTORS));
  const chosen = chosenOf(folder, cases, flags);
  return { total: chosen.length, run: (factory, options) => runVectors(factory, chosen, options) };
}

function refuseGroups(name: string, { group }: ConformanceFlags): void {
  if (group !== undefined) throw new UsageError(`${name} runs a folder of its own`, 'leave --group out');
}

function chosenOf<Case extends { readonly id: string }>(
  folder: string,
  cases: readonly Case[],
  { case: ids }: ConformanceFlags,
): readonly Case[] {
  const unknown = ids?.filter((id) => !cases.some((one) => one.id === id)) ?? [];
  if (unknown.length > 0) throw new UsageError(`${folder} has no case ${unknown.join(', ')}`);
  return cases.filter(({ id }) => ids?.includes(id) ?? true);
}

/** Chosen before the work, so that a wrong extension or a broken file costs nothing. */
async function reportWriter(host: Host, flags: ConformanceFlags): Promise<(report: ConformanceReport) => string> {
  const extension = flags.out === undefined ? '.json' : /\.[^./\\]*$/.exec(flags.out)?.[0].toLowerCase();
  if (extension !== '.html' && extension !== '.json') {
    throw new UsageError(`a report can't be written as ${flags.out}`, 'end it in .html or .json');
  }
  if (flags.with !== undefined && (flags.out === undefined || extension === '.json')) {
    throw new UsageError('--with sets reports side by side in a page', 'give --out FILE.html too');
  }
  if (extension === '.json') return (report) => `${JSON.stringify(report, undefined, 2)}\n`;
  const others: ConformanceReport[] = [];
  for (const file of flags.with ?? []) others.push(await readReport(host, file));
  return (report) => renderReport([report, ...others]);
}

// The whole suite's report is under 2 MB.
const LARGEST_REPORT = 64 * 2 ** 20;

async function readReport(host: Host, file: string): Promise<ConformanceReport> {
  const text = new TextDecoder().decode(await host.readFile(file, LARGEST_REPORT));
  return ofFile(file, () => parseReport(text));
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
    output.progress({ done, total, unit: 'case', notes: [note], secondsLeft: (total - done) * perCase });
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
