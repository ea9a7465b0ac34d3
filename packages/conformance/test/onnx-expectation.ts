import { expect } from 'vitest';
import type { ConformanceReport } from '../src/report.js';

/** Every one of the repository's cases passed, and what it computes was among what was compared. */
export function expectAllPassed({ cases, totals }: ConformanceReport): void {
  expect(cases.filter(({ status }) => status !== 'passed')).toEqual([]);
  expect(totals).toMatchObject({ cases: 46, passed: 46, failed: 0 });
  for (const { outputs } of cases) expect(outputs.map(({ name }) => name)).toContain('Y');
}
