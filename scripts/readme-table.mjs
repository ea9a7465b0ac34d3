// `pnpm readme:table [REPORT.json…]`: writes the table of what works on which backend into docs/conformance/README.md, and a
// short one into README.md, from a fresh run on every backend that runs in Node. Reports of others (from a browser: a
// `heed conformance --out` or playground file) are given once; their part that the tables need is kept in docs/conformance.
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WITH_COMPOSED } from '../packages/backends/dist/composed.js';
import {
  featureTable,
  overviewTable,
  parseReport,
  runConformance,
  summarizeFeatures,
} from '../packages/conformance/dist/index.js';
import { root } from './steps.mjs';

const KEPT = join(root, 'docs', 'conformance');
const WHOLE = join(KEPT, 'README.md');
const README = join(root, 'README.md');

for (const file of process.argv.slice(2)) {
  const summary = summarizeFeatures(parseReport(await readFile(file, 'utf8')));
  await mkdir(KEPT, { recursive: true });
  await writeFile(join(KEPT, `${encodeURIComponent(summary.backend)}.json`), `${JSON.stringify(summary, null, 2)}\n`);
}

const summaries = [];
for (const { name, load } of WITH_COMPOSED) {
  const factory = await load({});
  if ((await factory.unavailableReasons()).length > 0) continue;
  const report = await runConformance(factory);
  console.log(`${name}: ${report.totals.passed} of ${report.totals.cases} passed`);
  summaries.push(summarizeFeatures(report));
}
for (const file of await readdir(KEPT).catch(() => [])) {
  if (!file.endsWith('.json')) continue;
  const kept = JSON.parse(await readFile(join(KEPT, file), 'utf8'));
  if (!summaries.some(({ backend }) => backend === kept.backend)) summaries.push(kept);
}

await writeTable(WHOLE, featureTable(summaries));
await writeTable(README, overviewTable(summaries));

/** Writes a table between the markers of a file. */
async function writeTable(file, table) {
  const parts = /^([^]*<!-- what works: begin[^>]*-->\n)[^]*(<!-- what works: end -->[^]*)$/.exec(
    await readFile(file, 'utf8'),
  );
  if (parts === null) throw new Error(`${file} has lost the markers of the table`);
  await writeFile(file, `${parts[1]}\n${table}\n\n${parts[2]}`);
}
