import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { listCases, parseReport, type ConformanceReport } from '@heed/conformance';

export interface KeptReports {
  /**
   * Keeps the report of a whole suite under its backend's name, in place of an earlier one.
   *
   * @throws Error when cases are left out
   */
  keep(report: ConformanceReport): void;
  /**
   * Report of the backend's suite, as it ran last.
   *
   * @throws Error when there is none, or when a source has changed since it began
   */
  of(backend: string): ConformanceReport;
  /** Names of the backends whose reports `of` gives. */
  names(): readonly string[];
}

/**
 * Reports in a folder, a file each.
 *
 * @param sources  folders of what a report depends on; their tests don't count
 * @param how  what to do where a report is missing or old, for people
 */
export function keptReports(folder: string, sources: readonly string[], how: string): KeptReports {
  const fileOf = (backend: string): string => join(folder, `${encodeURIComponent(backend)}.json`);
  const read = (backend: string): ConformanceReport | undefined =>
    existsSync(fileOf(backend)) ? parseReport(readFileSync(fileOf(backend), 'utf8')) : undefined;
  return {
    keep(report) {
      const [ran, all] = [report.cases.length, listCases().length];
      if (ran !== all) throw new Error(`a report of ${ran} of ${all} cases isn't kept`);
      mkdirSync(folder, { recursive: true });
      const beside = `${fileOf(report.backend)}-${process.pid}`;
      writeFileSync(beside, JSON.stringify(report));
      renameSync(beside, fileOf(report.backend)); // so that nobody reads half of it
    },
    of(backend) {
      const report = read(backend);
      if (report === undefined) throw new Error(`there is no report of ${backend}: ${how}`);
      const change = newestOf(sources);
      if (change.time > Date.parse(report.startedAt)) {
        throw new Error(`the report of ${backend} is older than ${change.path}: ${how}`);
      }
      return report;
    },
    names() {
      if (!existsSync(folder)) return [];
      const { time } = newestOf(sources);
      return readdirSync(folder)
        .flatMap((name) => /^(.*)\.json$/.exec(name)?.[1] ?? [])
        .map(decodeURIComponent)
        .filter((backend) => Date.parse(read(backend)!.startedAt) >= time);
    },
  };
}

interface Change {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** The last change of a file of the folders. */
function newestOf(folders: readonly string[]): Change {
  let newest: Change = { path: '', time: 0 };
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.name.endsWith('.test.ts')) continue;
      const path = join(entry.parentPath, entry.name);
      const time = statSync(path).mtimeMs;
      if (time > newest.time) newest = { path: relative(process.cwd(), path), time };
    }
  }
  return newest;
}
