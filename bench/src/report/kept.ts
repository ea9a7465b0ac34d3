import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaseOutcome } from '../case.js';
import type { Report } from './report.js';
import { runtimeOf } from './report.js';

const KEPT = /^node-\d+\.json$/;

/** 'node-20.json' */
const fileOf = (report: Report): string => `${runtimeOf(report).toLowerCase().replace(' ', '-')}.json`;

/**
 * Keeps a report in a folder, as that of its Node. Cases that it hasn't are taken over from what was kept before on the same machine with the same
 * versions; of anything else they would say something wrong.
 *
 * @param names all cases there are, in order
 * @returns what is kept now, and how many cases of before were dropped
 */
export async function keep(
  folder: string,
  report: Report,
  names: readonly string[],
): Promise<{ readonly kept: Report; readonly dropped: number }> {
  const before = (await keptReports(folder)).find((one) => fileOf(one) === fileOf(report));
  const isSame = before !== undefined && circumstances(before) === circumstances(report);
  const all = new Map<string, CaseOutcome>();
  for (const one of isSame ? before.cases : []) all.set(one.case, one);
  for (const one of report.cases) all.set(one.case, one);
  const kept = { ...report, cases: names.flatMap((name) => all.get(name) ?? []) };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, fileOf(report)), `${JSON.stringify(kept, undefined, 1)}\n`);
  return { kept, dropped: isSame ? 0 : (before?.cases.length ?? 0) };
}

const circumstances = ({ machine, node, simd, versions }: Report): string =>
  JSON.stringify([machine, node, simd, versions]);

/** All reports of a folder, by their Node's number; none where there is no folder. */
export async function keptReports(folder: string): Promise<Report[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const reports = names
    .filter((name) => KEPT.test(name))
    .map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as Report);
  return (await Promise.all(reports)).toSorted((a, b) => parseInt(a.node, 10) - parseInt(b.node, 10));
}
