import { expect } from 'vitest';
import type { ConformanceReport } from '../packages/conformance/src/report.js';

/** The repository's folders of ONNX's cases, and how many cases each has. */
export const ONNX_FOLDERS = { 'onnx/node': 46, 'onnx-1.23/Attention': 11, 'onnx-1.23/RotaryEmbedding': 5 } as const;

/** Every one of a folder's cases passed, and what it computes was among what was compared. */
export function expectAllPassed({ cases, totals }: ConformanceReport, count: number): void {
  expect(cases.filter(({ status }) => status !== 'passed')).toEqual([]);
  expect(totals).toMatchObject({ cases: count, passed: count, failed: 0 });
  for (const { outputs } of cases) expect(outputs.map(({ name }) => name)).toContain('Y');
}
