import { HeedError } from '@heed/core';
import * as v from 'valibot';
import { totalsOf, type ConformanceReport } from '../report.js';
import { reportSchema } from './schema.js';

/**
 * Reads a report that was written as JSON, by anybody: nothing in it is believed before it is checked.
 *
 * @throws HeedError FILE_INVALID when it isn't JSON, isn't a report of this version, or contradicts itself
 */
export function parseReport(json: string): ConformanceReport {
  const result = v.safeParse(reportSchema, fromJson(json), { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    throw invalid(`${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
  }
  const report = result.output;
  checkCases(report);
  return report;
}

function fromJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw invalid('it is not JSON', cause);
  }
}

/** What a schema can't say: ids are unique, what passed has no failed output, and the totals are those of the cases. */
function checkCases({ cases, totals }: ConformanceReport): void {
  const ids = new Set<string>();
  for (const { id, status, outputs } of cases) {
    if (ids.has(id)) throw invalid(`case '${id}' is there twice`);
    ids.add(id);
    const failed = outputs.find(({ passed }) => !passed);
    if (status === 'passed' && failed) throw invalid(`case '${id}' passed, but its ${failed.name} failed`);
  }
  const counted = totalsOf(cases);
  for (const key of ['cases', 'passed', 'failed', 'knownFailures', 'skipped', 'fused', 'composed'] as const) {
    if (totals[key] !== counted[key]) {
      throw invalid(`totals.${key} is ${totals[key]}, but the cases make ${counted[key]}`);
    }
  }
}

const LONGEST_FAULT = 300;

/** The fault may repeat what the file holds: nothing that steers a terminal, and no megabytes of it. */
function invalid(fault: string, cause?: unknown): HeedError {
  return new HeedError('FILE_INVALID', {
    message: `this isn't a conformance report: ${fault.replaceAll(/\p{C}/gu, '\ufffd').slice(0, LONGEST_FAULT)}`,
    hint: 'write one with `heed conformance --out report.json`; its form is @heed/conformance/report.schema.json',
    cause,
  });
}
