import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keptReports } from './kept-reports.js';

export { tellRan, type Ran } from './ran.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const packages = join(root, 'packages');

const reports = keptReports(
  join(root, 'node_modules', '.cache', 'conformance'),
  readdirSync(packages)
    .filter((name) => /^(base|core|conformance|backend-.*)$/.test(name))
    .map((name) => join(packages, name, 'src')),
  '`pnpm conformance` runs the suites',
);

/** Keeps the report of a suite: `describeConformance(cpu(), { onReport: keepReport })`. See `KeptReports.keep`. */
export const keepReport = reports.keep;

/** Report of the backend's suite, as it ran last. See `KeptReports.of`. */
export const keptReport = reports.of;

/** Names of the backends whose reports `keptReport` gives. */
export const reportedBackends = reports.names;
