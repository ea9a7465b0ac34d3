// `pnpm readme:table [REPORT.json…]`: writes the table of what works on which backend into docs/conformance/README.md, and a
// short one into README.md, from the reports that the suites wrote when the tests last ran (`pnpm conformance` runs them alone).
// What the tables need of backends that run in browsers is kept in docs/conformance; other reports of such (a `heed conformance
// --out` or playground file) can be given.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WITH_COMPOSED } from '../packages/backends/dist/composed.js';
import { featureTable, overviewTable, parseReport, summarizeFeatures } from '../packages/conformance/dist/index.js';
import { keptReport, reportedBackends } from '@heed/reports';
import { root } from './steps.mjs';

const KEPT = join(root, 'docs', 'conformance');
const WHOLE = join(KEPT, 'README.md');
const README = join(root, 'README.md');

const inNode = WITH_COMPOSED.filter(({ runsIn }) => runsIn === 'anywhere').map(({ name }) => name);
for (const name of reportedBackends()) {
  if (!inNode.includes(name)) await keep(keptReport(name));
}
for (const file of process.argv.slice(2)) await keep(parseReport(await readFile(file, 'utf8')));

const summaries = inNode.map((name) => summarizeFeatures(keptReport(name)));
for (const file of await readdir(KEPT)) {
  if (file.endsWith('.json')) summaries.push(JSON.parse(await readFile(join(KEPT, file), 'utf8')));
}

await writeTable(WHOLE, featureTable(summaries));
await writeTable(README, overviewTable(summaries));

/** Keeps what the tables need of a backend that doesn't run in Node, for the next time. */
async function keep(report) {
  const summary = summarizeFeatures(report);
  await writeFile(join(KEPT, `${encodeURIComponent(summary.backend)}.json`), `${JSON.stringify(summary, null, 2)}\n`);
}

/** Writes a table between the markers of a file. */
async function writeTable(file, table) {
  const parts = /^([^]*<!-- what works: begin[^>]*-->\n)[^]*(<!-- what works: end -->[^]*)$/.exec(
    await readFile(file, 'utf8'),
  );
  if (parts === null) throw new Error(`${file} has lost the markers of the table`);
  await writeFile(file, `${parts[1]}\n${table}\n\n${parts[2]}`);
}
