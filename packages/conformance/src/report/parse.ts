import { HeedError } from '@heed/core';
import * as v from 'valibot';
import { totalsOf, type ConformanceReport } from '../report.js';
import { reportSchema } from './schema.js';

/**
 * Reads an untrusted report in JSON: everything in it is checked.
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

/** Checks what a schema can't express: ids are unique, a passed case has no failed output, and totals match the cases. */
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

/** Error for an invalid report. Text of the file in it is cut, and without characters that control a terminal. */
function invalid(fault: string, cause?: unknown): HeedError {
  return new HeedError('FILE_INVALID', {
    message: `this isn't a conformance report: ${fault.replaceAll(/\p{C}/gu, '\ufffd').slice(0, LONGEST_FAULT)}`,
    hint: 'write one with `heed conformance --out report.json`; its form is @heed/conformance/report.schema.json',
    cause,
  });
}
