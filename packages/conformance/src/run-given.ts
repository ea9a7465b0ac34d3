import * as tf from '@tensorflow/tfjs-core';
import { checkOptions, type BackendFactory, type Explanation, type OptionNames } from '@heed/core';
import { totalsOf, type CaseResult, type ConformanceReport, type OutputResult } from './report.js';
import { runConformance, type ConformanceOptions } from './run-conformance.js';
import { Session } from './run/session.js';

export type GivenOptions = Pick<ConformanceOptions, 'onCase' | 'versions'>;

const OPTIONS: OptionNames<GivenOptions> = { onCase: true, versions: true };

/** What was found of a case that somebody else gives. */
export interface GivenFinding {
  readonly outputs: readonly OutputResult[];
  /** What is wrong, in sentences; none when the case passes. */
  readonly failures: readonly string[];
  /** How it ran on the backend; absent when it didn't. */
  readonly path?: Explanation['path'];
  readonly reasons?: readonly string[];
}

/**
 * Runs cases that somebody else gives on a backend. None is skipped: what is thrown is the case's failure.
 *
 * @param what begins messages
 * @returns a report like `runConformance`'s, of the given group
 * @throws HeedError BACKEND_UNAVAILABLE, BACKEND_INVALID when the backend can't be selected
 */
export async function runGiven<Case extends { readonly id: string }>(
  what: string,
  factory: BackendFactory,
  group: string,
  cases: readonly Case[],
  run: (one: Case) => Promise<GivenFinding>,
  options: GivenOptions,
): Promise<ConformanceReport> {
  checkOptions(what, options, OPTIONS);
  // A run of no cases says what a report says besides.
  const about = await runConformance(factory, { cases: [], versions: options.versions });
  const session = await Session.open(factory);
  try {
    const results: CaseResult[] = [];
    for (const one of cases) {
      const start = tf.util.now();
      const finding = await run(one).catch(failureOf);
      const result = resultOf(one.id, group, finding, tf.util.now() - start);
      results.push(result);
      await options.onCase?.(result);
    }
    return { ...about, cases: results, totals: totalsOf(results) };
  } finally {
    await session.close();
  }
}

/** Finding of a case that threw. */
export const failureOf = (error: unknown): GivenFinding => ({
  outputs: [],
  failures: [error instanceof Error ? `${error.name}: ${error.message}` : String(error)],
});

const resultOf = (id: string, group: string, finding: GivenFinding, ms: number): CaseResult => {
  const { outputs, failures, path, reasons } = finding;
  return {
    id,
    group,
    status: failures.length === 0 ? 'passed' : 'failed',
    ...(path !== undefined && { path, ...(path !== 'fused' && { reasons: reasons ?? [] }) }),
    outputs,
    ms,
    ...(failures.length > 0 && { message: printable(failures.join('\n')) }),
  };
};

const LONGEST_MESSAGE = 4000;

/** Names in a file may hold anything: nothing that steers a terminal is passed on, and no megabytes of it. */
const printable = (message: string): string => message.slice(0, LONGEST_MESSAGE).replaceAll(/[^\P{C}\n]/gu, '\uFFFD');
