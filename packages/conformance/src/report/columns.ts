import { GROUPS } from '../case.js';
import type { CaseResult, ConformanceReport, OutputResult } from '../report.js';

/** Column of the tables, for one of the reports. */
export interface Column {
  /** Name of the backend, made unique. */
  readonly label: string;
  readonly report: ConformanceReport;
  /** Results of the cases, by id. */
  readonly results: ReadonlyMap<string, CaseResult>;
}

export function columnsOf(reports: readonly ConformanceReport[]): readonly Column[] {
  return reports.map((report, n) => {
    const namesake = (other: ConformanceReport): boolean => other.backend === report.backend;
    const nth = reports.slice(0, n).filter(namesake).length + 1;
    return {
      label: reports.filter(namesake).length > 1 ? `${report.backend} #${nth}` : report.backend,
      report,
      results: new Map(report.cases.map((result) => [result.id, result])),
    };
  });
}

/** Groups that ran in any report, with the ids of their cases: the suite's own in its order, and then others. */
export function groupsOf(columns: readonly Column[]): readonly (readonly [group: string, ids: readonly string[]])[] {
  const groups = new Map<string, Set<string>>(Object.keys(GROUPS).map((group) => [group, new Set()]));
  for (const { report } of columns) {
    for (const { id, group } of report.cases) {
      if (!groups.has(group)) groups.set(group, new Set());
      groups.get(group)!.add(id);
    }
  }
  return [...groups].filter(([, ids]) => ids.size > 0).map(([group, ids]) => [group, [...ids]]);
}

/** Error in ulps; infinite when a non-finite number doesn't match. */
export function ulpsOf({ ulps }: OutputResult): number {
  return ulps ?? Infinity;
}

/** Error as a share of the allowed one; a case with more than 1 fails. */
export function shareOf({ error, bound }: OutputResult): number {
  return error === null ? Infinity : error === 0 ? 0 : error / bound;
}

export function largest(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), 0);
}
