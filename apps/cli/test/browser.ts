import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chromiumToTestIn, findChromium } from '@heed/chromium';
import { heed, type Outcome, type Settings } from './heed.js';

/** The browser to test in, one that users have; undefined where there is none and that is no failure. */
export const BROWSER = chromiumToTestIn(findChromium);

/** Runs the built command on the webgl backend, with its temporary files in a folder of their own. */
export function onWebgl(args: readonly string[], temporary: string, settings: Settings = {}): Promise<Outcome> {
  return heed([...args, '--backend', 'webgl', '--browser', BROWSER!], {
    ...settings,
    env: { TMPDIR: temporary, ...settings.env },
  });
}

/** The processes that a process has started, and theirs, where Linux says so. */
export function descendants({ pid }: Pick<ChildProcess, 'pid'>): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  return children.concat(children.flatMap((child) => descendants({ pid: child })));
}

export function isType(pid: number, type: string): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`--type=${type}`);
}

/** A process that has ended may still be listed, as a zombie. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
