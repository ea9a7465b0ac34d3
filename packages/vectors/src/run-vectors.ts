import { runGiven, type ConformanceReport, type GivenFinding, type GivenOptions } from '@heed/conformance';
import type { BackendFactory } from '@heed/core';
import { cannot, type Mapped } from './mapping.js';
import { MAPPED_MECHANISMS, MAPPINGS } from './mappings/index.js';
import { runCase } from './run-case.js';
import type { VectorCase } from './vector-case.js';

export type VectorOptions = GivenOptions;

/**
 * Holds a backend against other people's numbers: outputs and gradients of each case, within the tolerance that comes with them. A case
 * that Heed can't compute fails with its reason; none is skipped.
 *
 * @param cases from `parseVectors`
 * @returns a report like `runConformance`'s, of the group 'vectors'. Errors are measured against the files, so there is no naive form to
 *   compare them with: `naiveError` is 0
 * @throws HeedError BACKEND_UNAVAILABLE, BACKEND_INVALID when the backend can't be selected
 */
export const runVectors = (
  factory: BackendFactory,
  cases: readonly VectorCase[],
  options: VectorOptions = {},
): Promise<ConformanceReport> => runGiven('runVectors', factory, 'vectors', cases, mapAndRun, options);

async function mapAndRun(test: VectorCase): Promise<GivenFinding> {
  const mapped = map(test);
  try {
    return await runCase(test, mapped);
  } finally {
    mapped.dispose?.();
  }
}

function map(test: VectorCase): Mapped {
  if (Object.hasOwn(MAPPINGS, test.mechanism)) return MAPPINGS[test.mechanism](test);
  return cannot(test, `its cases can't be mapped; there are mappings of ${MAPPED_MECHANISMS.join(', ')}`);
}
