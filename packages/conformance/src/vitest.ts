import { afterAll, assert, beforeAll, describe, it } from 'vitest';
import type { BackendFactory } from '@heed/core';
import { GROUPS } from './case.js';
import type { CaseResult, ConformanceReport } from './report.js';
import { selectCases, type CaseSelection } from './run-conformance.js';
import { reportOf } from './run/report-of.js';
import { runCase } from './run/run-case.js';
import { Session } from './run/session.js';

// Loading an engine, or the longest case on a slow engine, takes more than vitest's five seconds.
const TIMEOUT = 60_000; // ms

export interface DescribeOptions extends CaseSelection {
  /**
   * Called with the report when all cases have run, as `runConformance` returns it; not when the test runner was told to run some of
   * them only. A promise is waited for; what it throws fails the file.
   */
  readonly onReport?: (report: ConformanceReport) => unknown;
}

/**
 * Defines the conformance suite as tests, one for each case. To be called at the top level of a test file of the backend's own
 * package. A backend that can't run fails; it isn't skipped.
 *
 * @throws HeedError UNKNOWN_NAME for a group or id that doesn't exist
 */
export function describeConformance(factory: BackendFactory, options: DescribeOptions = {}): void {
  const cases = selectCases(options);
  describe(`conformance of ${factory.name}`, () => {
    const results = new Map<string, CaseResult>();
    let startedAt: string;
    let session: Session;
    beforeAll(async () => {
      startedAt = new Date().toISOString();
      session = await Session.open(factory);
    }, TIMEOUT);
    afterAll(async () => {
      if (session === undefined) return;
      const ran = cases.flatMap(({ id }) => results.get(id) ?? []);
      const report = ran.length === cases.length ? reportOf(session, ran, { startedAt }) : undefined;
      await session.close();
      if (report !== undefined) await options.onReport?.(report);
    });

    for (const [group, about] of Object.entries(GROUPS)) {
      const members = cases.filter((one) => one.group === group);
      if (members.length === 0) continue;
      describe(`${group}: ${about}`, () => {
        for (const one of members) {
          it(one.id, { timeout: TIMEOUT }, async ({ skip }) => {
            const result = await runCase(one, session, options.knownFailures?.[one.id]);
            results.set(one.id, result);
            if (result.status === 'skipped') skip(result.message);
            if (result.status === 'failed') assert.fail(result.message);
          });
        }
      });
    }
  });
}
