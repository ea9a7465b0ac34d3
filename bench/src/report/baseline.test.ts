import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { comparable, readBaseline, regressions } from './baseline.js';
import { ndjson, type Line } from './lines.js';

const line = (name: string, measured: number, more: Partial<Line> = {}): Line => ({
  case: 'forward',
  name,
  measured,
  direction: 'least',
  target: 1,
  unit: '×',
  met: true,
  systems: {},
  rounds: 9,
  node: '20.20.1',
  machine: 'this one',
  date: '2026-11-29',
  ...more,
});
const memory = (measured: number): Line => line('memory', measured, { direction: 'most', unit: 'MiB' });

test('worse by more than the share is a regression, whichever way is worse', () => {
  const before = [line('ratio', 10), memory(100)];
  const at = (ratio: number, bytes: number): string[] =>
    regressions(comparable(before, [line('ratio', ratio), memory(bytes), line('new', 1)]), 0.15).map(
      ({ now, before }) => `${now.name}: ${now.measured}, before ${before}`,
    );
  expect(at(8.6, 114)).toEqual([]);
  expect(at(20, 10)).toEqual([]);
  expect(at(8.4, 100)).toEqual(['ratio: 8.4, before 10']);
  expect(at(10, 116)).toEqual(['memory: 116, before 100']);
});

test('ratios are compared between machines, times on one alone, and nothing between two Nodes', () => {
  const elsewhere = { machine: 'another' };
  const time = { unit: 'ms' };
  const names = (before: Line): string[] =>
    comparable([before], [line('a', 1), line('b', 1, time)]).map(({ now }) => now.name);
  expect(names(line('a', 1, elsewhere))).toEqual(['a']);
  expect(names(line('b', 1, { ...time, node: '20.19.0' }))).toEqual(['b']);
  expect(names(line('b', 1, { ...time, ...elsewhere }))).toEqual([]);
  expect(names(line('a', 1, { node: '24.1.0' }))).toEqual([]);
});

test('what --json wrote is read again, and a file of another kind is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'heed-baseline-'));
  const file = join(folder, 'before.ndjson');
  await writeFile(file, ndjson([line('a', 1), memory(2)]));
  expect(await readBaseline(file)).toMatchObject([
    { name: 'a', measured: 1 },
    { name: 'memory', measured: 2 },
  ]);
  await writeFile(file, '');
  await expect(readBaseline(file)).rejects.toThrow(/isn't a result/);
  await expect(readBaseline(new URL('../../package.json', import.meta.url).pathname)).rejects.toThrow(/isn't a result/);
  await rm(folder, { recursive: true });
});
