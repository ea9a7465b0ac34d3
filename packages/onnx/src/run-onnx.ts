import {
  Session,
  runConformance,
  take,
  totalsOf,
  type CaseResult,
  type ConformanceOptions,
  type ConformanceReport,
  type OutputResult,
} from '@heed/conformance';
import * as tf from '@tensorflow/tfjs-core';
import { checkOptions, type BackendFactory, type Explanation, type OptionNames } from '@heed/core';
import { runAttentionOperator } from './attention-operator.js';
import { compareOnnx } from './compare.js';
import type { OperatorRun } from './mapping.js';
import { readOnnxCase, type OnnxCase, type OnnxFiles } from './onnx-case.js';
import { runRotaryOperator } from './rotary-operator.js';
import type { OnnxOperator } from './signatures.js';

/** One backend node test, whose files are read when its turn comes. */
export interface OnnxSource {
  /** Its folder's name. */
  readonly id: string;
  /** The files of each of its data sets. What is thrown is the case's failure. */
  readonly read: () => Promise<readonly OnnxFiles[]> | readonly OnnxFiles[];
}

export type OnnxOptions = Pick<ConformanceOptions, 'onCase' | 'versions'>;

const OPTIONS: OptionNames<OnnxOptions> = { onCase: true, versions: true };

/**
 * Holds a backend against ONNX's backend node tests of `Attention` and `RotaryEmbedding`, as ONNX compares them. A case that can't be read, or
 * that Heed's ops can't express, fails with its reason; none is skipped.
 *
 * @param cases from `loadOnnxFolder` of '@heed/onnx/node', or from anywhere else
 * @returns a report like `runConformance`'s, of the group 'onnx'. Errors are measured against the files, so there is no
 *   naive form to compare them with: `naiveError` is 0
 * @throws HeedError BACKEND_UNAVAILABLE, BACKEND_INVALID when the backend can't be selected
 */
export async function runOnnx(
  factory: BackendFactory,
  cases: readonly OnnxSource[],
  options: OnnxOptions = {},
): Promise<ConformanceReport> {
  checkOptions('runOnnx', options, OPTIONS);
  // A run of no cases says what a report says besides.
  const about = await runConformance(factory, { cases: [], versions: options.versions });
  const session = await Session.open(factory);
  try {
    const results: CaseResult[] = [];
    for (const source of cases) {
      const result = await runCase(source);
      results.push(result);
      options.onCase?.(result);
    }
    return { ...about, cases: results, totals: totalsOf(results) };
  } finally {
    await session.close();
  }
}

type Operators = { readonly [Operator in OnnxOperator]: (test: OnnxCase<Operator>) => OperatorRun };

const OPERATORS: Operators = { Attention: runAttentionOperator, RotaryEmbedding: runRotaryOperator };

function runOperator<Operator extends OnnxOperator>(test: OnnxCase<Operator>): OperatorRun {
  return OPERATORS[test.operator](test);
}

interface Finding {
  readonly outputs: readonly OutputResult[];
  readonly failures: readonly string[];
  readonly path: Explanation['path'];
  readonly reasons: readonly string[];
}

/** Never throws: what is thrown is the case's failure. */
async function runCase({ id, read }: OnnxSource): Promise<CaseResult> {
  const start = tf.util.now();
  const findings: Finding[] = [];
  const failures: string[] = [];
  try {
    const sets = await read();
    for (const [n, files] of sets.entries()) {
      const finding = await runDataSet(files, sets.length > 1 ? `set ${n} ` : '');
      findings.push(finding);
      failures.push(...finding.failures);
    }
    if (sets.length === 0) failures.push('there are no data sets');
  } catch (error) {
    failures.push(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
  // Of several data sets: that of one which isn't fused, if there is one.
  const where = findings.find(({ path }) => path !== 'fused') ?? findings[0];
  return {
    id,
    group: 'onnx',
    status: failures.length === 0 ? 'passed' : 'failed',
    ...(where && { path: where.path, ...(where.path !== 'fused' && { reasons: where.reasons }) }),
    outputs: findings.flatMap(({ outputs }) => outputs),
    ms: tf.util.now() - start,
    ...(failures.length > 0 && { message: printable(failures.join('\n')) }),
  };
}

async function runDataSet(files: OnnxFiles, prefix: string): Promise<Finding> {
  const test = readOnnxCase(files);
  const { outputs: tensors, path, reasons } = runOperator(test);
  const got = await take(tensors);
  const comparisons = Object.entries(test.outputs).map(([name, expected]) =>
    compareOnnx(prefix + name, got[name], expected),
  );
  return {
    outputs: comparisons.flatMap(({ result }) => result ?? []),
    failures: comparisons.flatMap(({ failure }) => failure ?? []),
    path,
    reasons,
  };
}

const LONGEST_MESSAGE = 4000;

/** Names in a file may hold anything: nothing that steers a terminal is passed on, and no megabytes of it. */
function printable(message: string): string {
  return message.slice(0, LONGEST_MESSAGE).replaceAll(/[^\P{C}\n]/gu, '\uFFFD');
}
