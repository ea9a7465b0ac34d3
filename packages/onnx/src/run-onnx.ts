import {
  failureOf,
  runGiven,
  take,
  type ConformanceReport,
  type GivenFinding,
  type GivenOptions,
} from '@heed/conformance';
import type { BackendFactory } from '@heed/core';
import { runAttentionOperator } from './attention-operator.js';
import { compareOnnx } from './compare.js';
import { runFlexOperator } from './flex-operator.js';
import type { OperatorRun } from './mapping.js';
import { runLinearOperator } from './linear-operator.js';
import { readOnnxCase, type OnnxCase, type OnnxFiles } from './onnx-case.js';
import { runRotaryOperator } from './rotary-operator.js';
import { runScatterOperator } from './scatter-operator.js';
import type { OnnxOperator } from './signatures.js';

/** One backend node test, whose files are read when its turn comes. */
export interface OnnxSource {
  /** Its folder's name. */
  readonly id: string;
  /** The files of each of its data sets. What is thrown is the case's failure. */
  readonly read: () => Promise<readonly OnnxFiles[]> | readonly OnnxFiles[];
}

export type OnnxOptions = GivenOptions;

/**
 * Holds a backend against ONNX's backend node tests of `Attention`, `RotaryEmbedding`, `FlexAttention`, `LinearAttention` and `TensorScatter`,
 * as ONNX compares them. A case that can't be read, or that Heed's ops can't express, fails with its reason; none is skipped.
 *
 * @param cases from `loadOnnxFolder` of '@heed/onnx/node', or from anywhere else
 * @returns a report like `runConformance`'s, of the group 'onnx'. Errors are measured against the files, so there is no
 *   naive form to compare them with: `naiveError` is 0
 * @throws HeedError BACKEND_UNAVAILABLE, BACKEND_INVALID when the backend can't be selected
 */
export const runOnnx = (
  factory: BackendFactory,
  cases: readonly OnnxSource[],
  options: OnnxOptions = {},
): Promise<ConformanceReport> => runGiven('runOnnx', factory, 'onnx', cases, runCase, options);

type Operators = { readonly [Operator in OnnxOperator]: (test: OnnxCase<Operator>) => OperatorRun };

const OPERATORS: Operators = {
  Attention: runAttentionOperator,
  RotaryEmbedding: runRotaryOperator,
  FlexAttention: runFlexOperator,
  LinearAttention: runLinearOperator,
  TensorScatter: runScatterOperator,
};

function runOperator<Operator extends OnnxOperator>(test: OnnxCase<Operator>): OperatorRun {
  return OPERATORS[test.operator](test);
}

/** All data sets of a case; what one of them throws is its failure, and the others are not lost. */
async function runCase({ read }: OnnxSource): Promise<GivenFinding> {
  const sets = await read();
  if (sets.length === 0) return { outputs: [], failures: ['there are no data sets'] };
  const findings: GivenFinding[] = [];
  for (const [n, files] of sets.entries())
    findings.push(await runDataSet(files, sets.length > 1 ? `set ${n} ` : '').catch(failureOf));
  return {
    // Of several data sets: that of one which isn't fused, if there is one.
    ...(findings.find(({ path }) => path !== 'fused') ?? findings[0]),
    outputs: findings.flatMap(({ outputs }) => outputs),
    failures: findings.flatMap(({ failures }) => failures),
  };
}

async function runDataSet(files: OnnxFiles, prefix: string): Promise<GivenFinding> {
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
