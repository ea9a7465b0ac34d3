import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { featureTable, overviewTable } from '../../packages/conformance/src/report/feature-table.js';
import { AREAS, FEATURES, summarizeFeatures } from '../../packages/conformance/src/report/features.js';
import { listCases, runConformance } from '../../packages/conformance/src/run-conformance.js';
import { loadAnywhere } from '@heed/backends/composed';
import { caseOf, outputOf, reportOf } from '../../packages/conformance/test/reports.js';

const backends = await loadAnywhere();

describe('the table of what works where', () => {
  it('has every case of the suite in a feature, and a case in every feature', () => {
    const features = listCases().map(({ id }) => FEATURES.find(({ cases }) => cases.test(id))?.name ?? id);
    expect(new Set(features)).toEqual(new Set(FEATURES.map(({ name }) => name)));
  });

  it('begins every area with a feature, the first area with the first', () => {
    const places = AREAS.map(({ first }) => FEATURES.findIndex(({ name }) => name === first));
    expect(places[0]).toBe(0);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it("in docs/conformance and README.md is that of today's backends", { timeout: 300_000 }, async () => {
    const summaries = [];
    for (const backend of backends) summaries.push(summarizeFeatures(await runConformance(backend)));
    const tables = { 'docs/conformance/README.md': featureTable(summaries), 'README.md': overviewTable(summaries) };
    for (const [file, fresh] of Object.entries(tables)) {
      const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
      const [, written] = /<!-- what works: begin[^>]*-->\n\n([^]*)\n\n<!-- what works: end -->/.exec(text)!;
      const difference = firstDifference(parse(written!), parse(fresh));
      expect(difference, `${file} is stale: run \`pnpm readme:table\``).toBeUndefined();
    }
  });

  it('says what is fused, what is partly, what fails and what did not run', () => {
    const fused = caseOf({ id: 'heads/a', path: 'fused', outputs: [outputOf({ ulps: 1.26, naiveUlps: 3 })] });
    const composed = caseOf({ id: 'heads/b', path: 'composed', outputs: [outputOf({ ulps: 0.5, naiveUlps: 4000 })] });
    const wrong = caseOf({ id: 'dropout/a', path: 'composed', status: 'failed', outputs: [outputOf({ ulps: null })] });
    const known = caseOf({ id: 'dropout/b', path: 'composed', status: 'known failure' });
    const error = caseOf({ id: 'errors/a' });
    const table = featureTable([
      summarizeFeatures(reportOf({ backend: 'a|b', cases: [fused, composed, wrong, known] })),
      summarizeFeatures(reportOf({ backend: 'second', cases: [fused, error] })),
    ]);
    expect(table.split('\n')).toEqual([
      String.raw`|  | a\|b | second | naive float32 |`,
      '| --- | --- | --- | --- |',
      '| grouped and single key heads | 1 fused, 1 composed · 2/2 · 1.3 | fused · 1/1 · 1.3 | 4,000 |',
      '| dropout | ✗ composed · 0/2 · no match | – | 0 |',
      '| bad input refused by its code | – | ✓ · 1/1 |  |',
    ]);
    const overview = overviewTable([
      summarizeFeatures(reportOf({ backend: 'first', cases: [fused, composed] })),
      summarizeFeatures(reportOf({ backend: 'second', cases: [fused, wrong, error] })),
    ]);
    expect(overview.split('\n')).toEqual([
      '|  | first | second |',
      '| --- | --- | --- |',
      '| heads, scale, dropout, outputs, gradients | 1 fused, 1 composed · 2/2 | ✗ 1 fused, 1 composed · 1/2 |',
      '| refusals, memory | – | ✓ · 1/1 |',
    ]);
  });
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
