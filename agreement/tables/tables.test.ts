import { readFileSync } from 'node:fs';
import { WITH_COMPOSED } from '@heed/backends/composed';
import { featureTable, overviewTable, summarizeFeatures } from '@heed/conformance';
import { keptReport, reportedBackends } from '@heed/reports';
import { expect, it } from 'vitest';

// The suites of every backend that runs in Node have run by now, those of others where there is a browser.
const inNode = WITH_COMPOSED.filter(({ runsIn }) => runsIn === 'anywhere').map(({ name }) => name);
const names = [...new Set([...inNode, ...reportedBackends()])];

it.each([
  ['docs/conformance/README.md', featureTable],
  ['README.md', overviewTable],
])("the table of what works where in %s is that of today's backends", (file, tableOf) => {
  const fresh = tableOf(names.map((name) => summarizeFeatures(keptReport(name))));
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const [, written] = /<!-- what works: begin[^>]*-->\n\n([^]*)\n\n<!-- what works: end -->/.exec(text)!;
  const difference = firstDifference(parse(written!), parse(fresh));
  expect(difference, `${file} is stale: run \`pnpm readme:table\``).toBeUndefined();
});

/** Rows of a table by feature, with their cells by backend. */
function parse(table: string): Map<string, Map<string, string>> {
  const [head, , ...rows] = table.split('\n').map((line) =>
    line
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim()),
  );
  return new Map(rows.map(([feature, ...cells]) => [feature!, new Map(cells.map((cell, n) => [head![n + 1], cell]))]));
}

/** First difference between two tables. Columns that only the README has are ignored: their backends don't run here. */
function firstDifference(written: ReturnType<typeof parse>, fresh: ReturnType<typeof parse>): string | undefined {
  for (const [feature, cells] of fresh) {
    for (const [backend, cell] of cells) {
      const there = written.get(feature)?.get(backend);
      if (there === undefined || !alike(there, cell)) return `${feature}, ${backend}: it says ${there}, it is ${cell}`;
    }
  }
  return [...written.keys()].find((feature) => !fresh.has(feature));
}

// Greatest ratio of two errors: fused multiply–add of another machine changes an error, but not much.
const FACTOR = 2;

/** Whether two cells are equal, apart from the error, their third part, which may differ by FACTOR. */
function alike(a: string, b: string): boolean {
  const [aParts, bParts] = [a, b].map((cell) => cell.split(' · ')) as [string[], string[]];
  const [x, y] = [aParts, bParts].map((parts) => Number(parts[2]?.replaceAll(',', ''))) as [number, number];
  const near = aParts[2] === bParts[2] || (x > 0 && x <= FACTOR * y && y <= FACTOR * x);
  return near && aParts.slice(0, 2).join() === bParts.slice(0, 2).join();
}
