export { GROUPS, type Group } from './case.js';
export type { CaseResult, ConformanceReport, OutputResult, Totals } from './report.js';
export { listCases, runConformance, type CaseSelection, type ConformanceOptions } from './run-conformance.js';
