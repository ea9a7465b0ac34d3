import type { AttentionBackend, Explanation } from '@heed/core';
import type { Floor } from './bound.js';

/** Report of a run of the suite, as plain JSON. */
export interface ConformanceReport {
  /** Version of this format. */
  readonly schemaVersion: 1;
  readonly backend: string;
  readonly engine: string;
  readonly capabilities: Claims;
  readonly versions: Versions;
  /** Operating system and processor as far as they are known: 'linux x64'. */
  readonly device: string;
  /** Name of the floor of the bound, which is the storage format. */
  readonly floor: Floor['name'];
  /** Start of the run, in ISO 8601. */
  readonly startedAt: string;
  readonly cases: readonly CaseResult[];
  readonly totals: Totals;
}

/** Declaration of the backend and its `Capabilities`, even if they are wrong: a wrong claim fails a case of the group 'manifest'. */
export interface Claims {
  /** Names of the ops that have kernels. */
  readonly fused: readonly string[];
  /** Requests that these kernels take; absent in reports of earlier suites. */
  readonly takes?: ClaimedTakes;
  readonly skips: readonly string[];
  readonly simd: string;
  readonly threads: number;
  readonly floatBits: number;
  readonly accumulatorBits: number;
  readonly deterministic: boolean;
  readonly replaces: readonly string[];
  readonly notes: readonly string[];
}

interface ClaimedTakes {
  readonly masks: readonly string[];
  readonly biases: readonly string[];
  readonly normalizers: readonly string[];
  readonly options: readonly string[];
  readonly limits: readonly { readonly size: string; readonly most: number }[];
}

export interface Versions {
  /** Version of the backend interface. */
  readonly spec: AttentionBackend['specVersion'];
  /** Version of @heed/core; null when the caller doesn't give it, since a module doesn't know its own version. */
  readonly core: string | null;
  readonly backend: string | null;
  readonly tensorflow: string;
  /** Runtime: 'node 20.20.2', or the browser's user agent. */
  readonly runtime: string;
}

export interface Totals {
  readonly cases: number;
  readonly passed: number;
  readonly failed: number;
  /** Number of cases that are listed as known failures, and failed. */
  readonly knownFailures: number;
  /** Number of cases that the capabilities rule out. */
  readonly skipped: number;
  readonly fused: number;
  readonly composed: number;
  readonly ms: number;
}

export interface CaseResult {
  readonly id: string;
  /** `Group` of the suite, or name of another kind of cases: 'onnx'. */
  readonly group: string;
  readonly status: 'passed' | 'failed' | 'known failure' | 'skipped';
  /** Path that core took, for cases that run an op. */
  readonly path?: Explanation['path'];
  /** Reasons why the path isn't 'fused'. */
  readonly reasons?: readonly string[];
  readonly outputs: readonly OutputResult[];
  readonly ms: number;
  /** Reason why the case failed or was skipped. */
  readonly message?: string;
}

/** Error of one output or gradient. Ulps are spacings of the storage format at its largest number, or at 1. */
export interface OutputResult {
  /** Name: 'context', 'weights', 'logSumExp', or for gradients 'dQuery' and so on. */
  readonly name: string;
  readonly passed: boolean;
  /** Largest error against the oracle; null when a NaN or an infinity doesn't match. */
  readonly error: number | null;
  readonly ulps: number | null;
  /** Largest error of the naive float32 form against the oracle. */
  readonly naiveError: number;
  readonly naiveUlps: number;
  /** Largest error that is allowed. */
  readonly bound: number;
  readonly boundUlps: number;
}

export function totalsOf(cases: readonly CaseResult[]): Totals {
  const count = (holds: (result: CaseResult) => boolean): number => cases.filter(holds).length;
  return {
    cases: cases.length,
    passed: count(({ status }) => status === 'passed'),
    failed: count(({ status }) => status === 'failed'),
    knownFailures: count(({ status }) => status === 'known failure'),
    skipped: count(({ status }) => status === 'skipped'),
    fused: count(({ path }) => path === 'fused'),
    composed: count(({ path }) => path === 'composed'),
    ms: cases.reduce((sum, { ms }) => sum + ms, 0),
  };
}
