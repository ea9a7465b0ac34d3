import type { AttentionBackend, Explanation } from '@heed/core';
import type { Floor } from './bound.js';

/** What a run of the suite found; plain JSON, so it can be written, compared and drawn. */
export interface ConformanceReport {
  /** Of this format. */
  readonly schemaVersion: 1;
  readonly backend: string;
  readonly engine: string;
  readonly capabilities: Claims;
  readonly versions: Versions;
  /** 'linux x64' as far as it is known. */
  readonly device: string;
  /** Whose spacings are behind the bound. */
  readonly floor: Floor['name'];
  /** When the run began, ISO 8601. */
  readonly startedAt: string;
  readonly cases: readonly CaseResult[];
  readonly totals: Totals;
}

/** What the backend declares, and its `Capabilities`, true or not: a wrong claim fails a case of the group 'manifest'. */
export interface Claims {
  /** Ops with kernels. */
  readonly fused: readonly string[];
  /** What these kernels take; reports of earlier suites don't say. */
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
  /** Of the backend interface. */
  readonly spec: AttentionBackend['specVersion'];
  /** Of the package @heed/core, and of the backend's; null where the caller doesn't say: a module can't tell its version. */
  readonly core: string | null;
  readonly backend: string | null;
  readonly tensorflow: string;
  /** 'node 20.20.2', or the browser's own words. */
  readonly runtime: string;
}

export interface Totals {
  readonly cases: number;
  readonly passed: number;
  readonly failed: number;
  /** Listed as known failures, and failed as listed. */
  readonly knownFailures: number;
  /** What the capabilities rule out. */
  readonly skipped: number;
  readonly fused: number;
  readonly composed: number;
  readonly ms: number;
}

export interface CaseResult {
  readonly id: string;
  /** A `Group` of the suite, or whatever else was run: 'onnx'. */
  readonly group: string;
  readonly status: 'passed' | 'failed' | 'known failure' | 'skipped';
  /** Which path core took, for cases that run an op. */
  readonly path?: Explanation['path'];
  /** Why the path isn't 'fused'. */
  readonly reasons?: readonly string[];
  readonly outputs: readonly OutputResult[];
  readonly ms: number;
  /** Why it failed or was skipped. */
  readonly message?: string;
}

/** The error of one output or gradient. Ulps are spacings of the storage format at its largest number, or at 1. */
export interface OutputResult {
  /** 'context', 'weights', 'logSumExp', or 'dQuery' and so on for gradients. */
  readonly name: string;
  readonly passed: boolean;
  /** Largest error against the oracle; null where a NaN or an infinity doesn't match. */
  readonly error: number | null;
  readonly ulps: number | null;
  /** The same of the naive float32 form. */
  readonly naiveError: number;
  readonly naiveUlps: number;
  /** The largest error that is allowed. */
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
