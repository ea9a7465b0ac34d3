import { afterAll, assert, beforeAll, describe, it } from 'vitest';
import type { BackendFactory } from '@heed/core';
import { GROUPS } from './case.js';
import { selectCases, type CaseSelection } from './run-conformance.js';
import { runCase } from './run/run-case.js';
import { Session } from './run/session.js';

// Loading an engine, or the longest case on a slow engine, takes more than vitest's five seconds.
const TIMEOUT = 60_000; // ms

/**
 * Defines the conformance suite as tests, one for each case. To be called at the top level of a test file of the backend's own
 * package. A backend that can't run fails; it isn't skipped.
 *
 * @throws HeedError UNKNOWN_NAME for a group or id that doesn't exist
 */
export function describeConformance(factory: BackendFactory, options: CaseSelection = {}): void {
  const cases = selectCases(options);
  describe(`conformance of ${factory.name}`, () => {
    let session: Session;
    beforeAll(async () => {
      session = await Session.open(factory);
    }, TIMEOUT);
    afterAll(() => session?.close());

    for (const [group, about] of Object.entries(GROUPS)) {
      const members = cases.filter((one) => one.group === group);
      if (members.length === 0) continue;
      describe(`${group}: ${about}`, () => {
        for (const one of members) {
          it(one.id, { timeout: TIMEOUT }, async ({ skip }) => {
            const { status, message } = await runCase(one, session, options.knownFailures?.[one.id]);
            if (status === 'skipped') skip(message);
            if (status === 'failed') assert.fail(message);
          });
        }
      });
    }
  });
}
