export { compareGiven, type GivenBound, type GivenComparison, type GivenNumbers } from './compare-given.js';
export { compare, FLOORS, type Comparison, type Expected, type Floor } from './bound.js';
export { GROUPS, type Group } from './case.js';
export {
  deviationsOf,
  differencesBetween,
  shareOf,
  spacingsOf,
  type Deviation,
  type Difference,
  type Solved,
} from './deviations.js';
export { draw } from './draw.js';
export { expectedCase, expectedExample, listExpectedCases, type ExpectedCase } from './expected-case.js';
export { pairing, take, type Numbers } from './perform.js';
export type { Instance } from './example.js';
export type { OpExample } from './ops/table.js';
export {
  totalsOf,
  type CaseResult,
  type Claims,
  type ConformanceReport,
  type OutputResult,
  type Totals,
  type Versions,
} from './report.js';
export { Session } from './run/session.js';
export { listCases, runConformance, type CaseSelection, type ConformanceOptions } from './run-conformance.js';
export { parseReport } from './report/parse.js';
export { renderReport } from './report/render.js';
export { featureTable, overviewTable } from './report/feature-table.js';
export { summarizeFeatures, type FeatureResult, type FeatureSummary } from './report/features.js';
export { failureOf, runGiven, type GivenFinding, type GivenOptions } from './run-given.js';
export { solve, type Solution } from './solve.js';
