import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { chromiumToTestIn, findChromium } from '@heed/chromium';
import { heed, type Outcome, type Settings } from './heed.js';

/** The browser to test in, one that users have; undefined where there is none and that is no failure. */
export const BROWSER = chromiumToTestIn(findChromium);

/** Flags of Node's with which the npm package `webgpu` is as if it weren't installed. */
export const WITHOUT_NPM_WEBGPU: readonly string[] = [
  '--import',
  asModule(`
  import { register } from 'node:module';
  register(${JSON.stringify(
    asModule(`
      export function resolve(name, context, next) {
        if (name !== 'webgpu') return next(name, context);
        throw Object.assign(new Error("Cannot find package 'webgpu'"), { code: 'ERR_MODULE_NOT_FOUND' });
      }`),
  )});`),
];

function asModule(text: string): string {
  return `data:text/javascript,${encodeURIComponent(text)}`;
}

/** Runs the built command on the webgl backend, with its temporary files in a folder of their own. */
export function onWebgl(args: readonly string[], temporary: string, settings: Settings = {}): Promise<Outcome> {
  return heed([...args, '--backend', 'webgl', '--browser', BROWSER!], {
    ...settings,
    env: { TMPDIR: temporary, ...settings.env },
  });
}

/**
 * The processes that a process has started, and theirs, where Linux says so: by the parent of each process, as the kernel's own list of a
 * process's children may leave some out while others end.
 */
export function descendants({ pid }: Pick<ChildProcess, 'pid'>): number[] {
  const parents = new Map<number, number>();
  for (const id of readdirSync('/proc').map(Number).filter(Boolean)) {
    try {
      parents.set(id, Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]));
    } catch {
      // It has ended.
    }
  }
  const below = (parent: number): number[] => {
    const children = [...parents].filter(([, of]) => of === parent).map(([id]) => id);
    return children.concat(children.flatMap(below));
  };
  return below(pid!);
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
