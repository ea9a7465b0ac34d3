import * as tf from '@tensorflow/tfjs-core';
import { declarationOf, type AttentionBackend } from '@heed/core';
import { totalsOf, type CaseResult, type Claims, type ConformanceReport } from '../report.js';
import type { Session } from './session.js';

/** What a report tells beside the results of its cases. */
export interface About {
  /** When the run began, ISO 8601. */
  readonly startedAt: string;
  /** Versions of the packages, where they are known. */
  readonly versions?: { readonly core?: string; readonly backend?: string };
}

/** Report of a session in which these cases ran. */
export function reportOf(
  { backend, floor }: Session,
  cases: readonly CaseResult[],
  { startedAt, versions }: About,
): ConformanceReport {
  return {
    schemaVersion: 1,
    backend: backend.name,
    engine: backend.engine,
    capabilities: claimsOf(backend),
    versions: {
      spec: backend.specVersion,
      core: versions?.core ?? null,
      backend: versions?.backend ?? null,
      tensorflow: tf.version_core,
      runtime: runtimeName(),
    },
    device: deviceName(),
    floor: floor.name,
    startedAt,
    cases,
    totals: totalsOf(cases),
  };
}

function claimsOf(backend: AttentionBackend): Claims {
  const { ops, limits, ...takes } = declarationOf(backend);
  const most = Object.entries(limits).map(([size, most]) => ({ size, most }));
  return { fused: ops, takes: { ...takes, limits: most }, ...backend.capabilities };
}

// The suite runs in Node and in browsers, so neither's globals are certain to exist.
const { process, navigator } = globalThis as {
  process?: { versions?: { node?: string }; platform?: string; arch?: string };
  navigator?: { userAgent?: string; platform?: string };
};

function runtimeName(): string {
  const node = process?.versions?.node;
  return node === undefined ? (navigator?.userAgent ?? 'unknown') : `node ${node}`;
}

function deviceName(): string {
  return process?.platform === undefined ? (navigator?.platform ?? 'unknown') : `${process.platform} ${process.arch}`;
}
