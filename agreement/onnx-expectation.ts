import { expect } from 'vitest';
import type { ConformanceReport } from '../packages/conformance/src/report.js';

/** Folders of ONNX's cases in vectors/, with the number of cases in each. */
export const ONNX_FOLDERS = {
  'onnx/node': 46,
  'onnx-1.23/Attention': 11,
  'onnx-1.23/RotaryEmbedding': 5,
  'onnx-1.23/FlexAttention': 7,
  'onnx-1.23/LinearAttention': 9,
  'onnx-1.23/TensorScatter': 2,
} as const;

/** The first output of each operator, by which one sees that something was compared. */
const RESULTS = new Set(['Y', 'output', 'present_cache']);

/** Expects that all cases of a folder passed, and that the outputs of each were compared. */
export function expectAllPassed({ cases, totals }: ConformanceReport, count: number): void {
  expect(cases.filter(({ status }) => status !== 'passed')).toEqual([]);
  expect(totals).toMatchObject({ cases: count, passed: count, failed: 0 });
  for (const { outputs } of cases) expect(outputs.some(({ name }) => RESULTS.has(name))).toBe(true);
}
