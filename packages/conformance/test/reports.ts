import { totalsOf, type CaseResult, type ConformanceReport, type OutputResult } from '../src/report.js';

/** Report made by hand, for what real runs don't have; `changes` are its differences from a plain one. */
export function reportOf(changes: Partial<ConformanceReport> = {}): ConformanceReport {
  const { cases = [] } = changes;
  return {
    schemaVersion: 1,
    backend: 'made up',
    engine: 'cpu',
    capabilities: {
      fused: ['dotProductAttention'],
      takes: {
        masks: ['band'],
        biases: [],
        normalizers: [],
        options: ['softCap', 'dropout'],
        limits: [{ size: 'width', most: 256 }],
      },
      skips: ['band'],
      simd: 'none',
      threads: 1,
      floatBits: 32,
      accumulatorBits: 64,
      deterministic: true,
      replaces: ['BatchMatMul'],
      notes: ['a note'],
    },
    versions: { spec: 1, core: '1.2.3', backend: null, tensorflow: '4.22.0', runtime: 'node 20.20.2' },
    device: 'linux x64',
    floor: 'float32',
    startedAt: '2026-01-02T03:04:05.678Z',
    totals: totalsOf(cases),
    ...changes,
    cases,
  };
}

export function caseOf(changes: Partial<CaseResult> = {}): CaseResult {
  const id = changes.id ?? 'shapes/dot/base';
  return { id, group: id.split('/')[0], status: 'passed', outputs: [], ms: 1, ...changes };
}

export function outputOf(changes: Partial<OutputResult> = {}): OutputResult {
  return {
    name: 'context',
    passed: true,
    error: 1e-7,
    ulps: 1,
    naiveError: 0,
    naiveUlps: 0,
    bound: 1.6e-6,
    boundUlps: 16,
    ...changes,
  };
}
