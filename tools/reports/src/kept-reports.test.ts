import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listCases } from '@heed/conformance';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { caseOf, reportOf } from '../../../packages/conformance/test/reports.js';
import { keptReports, type KeptReports } from './kept-reports.js';

const NOON = new Date('2026-03-04T12:00:00Z');
const hoursLater = (hours: number): Date => new Date(NOON.getTime() + hours * 3_600_000);

let folder: string;
let source: string;
let reports: KeptReports;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-reports-'));
  await mkdir(join(folder, 'src'));
  source = join(folder, 'src', 'kernel.ts');
  await writeFile(source, '');
  reports = keptReports(join(folder, 'reports'), [join(folder, 'src')], 'run them');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const cases = listCases().map(({ id, group }) => caseOf({ id, group }));
const made = reportOf({ backend: 'a/b', cases, startedAt: hoursLater(1).toISOString() });

test('a report that was never made says how to make it', () => {
  expect(reports.names()).toEqual([]);
  expect(() => reports.of('a/b')).toThrow('there is no report of a/b: run them');
});

test('a report is kept until a source changes, whatever happens to tests', async () => {
  await utimes(source, NOON, NOON);
  reports.keep(made);
  const later = join(folder, 'src', 'kernel.test.ts');
  await writeFile(later, '');
  await utimes(later, hoursLater(2), hoursLater(2));
  expect(reports.of('a/b')).toEqual(made);
  expect(reports.names()).toEqual(['a/b']);
  await utimes(source, hoursLater(3), hoursLater(3));
  expect(() => reports.of('a/b')).toThrow(/the report of a\/b is older than .*kernel\.ts: run them/);
  expect(reports.names()).toEqual([]);
});

test('a report of a part of the suite is none', () => {
  expect(() => reports.keep({ ...made, cases: cases.slice(1) })).toThrow(/a report of \d+ of \d+ cases isn't kept/);
});
