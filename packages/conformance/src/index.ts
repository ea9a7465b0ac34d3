export { GROUPS, type Group } from './case.js';
export type { CaseResult, Claims, ConformanceReport, OutputResult, Totals, Versions } from './report.js';
export { listCases, runConformance, type CaseSelection, type ConformanceOptions } from './run-conformance.js';
export { parseReport } from './report/parse.js';
export { renderReport } from './report/render.js';
export { featureTable } from './report/feature-table.js';
export { summarizeFeatures, type FeatureResult, type FeatureSummary } from './report/features.js';
