import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromiumToTestIn } from '@heed/chromium';
import { runInPage } from './run-in-page.js';

const exec = promisify(execFile);
/** Installs in the current folder, without asking or running anything of what is installed. */
export const INSTALL = [
  'install',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
  '--ignore-scripts',
  '--prefer-offline',
];

/** The browser in which examples of pages run; undefined where there is none. */
export const executablePath = chromiumToTestIn();

/** Makes an empty project as a user would, and installs packages in it: tarballs, or names of the registry. */
export async function projectWith(packages: readonly string[], folder: string): Promise<string> {
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n');
  await exec('npm', [...INSTALL, ...packages], { cwd: folder, shell: process.platform === 'win32' });
  return folder;
}

/** Runs a script in a project. Throws what it wrote to standard error when it fails. */
export async function runScript(project: string, source: string, name = 'example.mjs'): Promise<void> {
  const file = join(project, name);
  await writeFile(file, source);
  await exec(process.execPath, [file], { cwd: project, timeout: 120_000 }).catch((error: { stderr?: string }) => {
    throw new Error(error.stderr || String(error));
  });
}

/** An example of a README. */
export interface Example {
  readonly source: string;
  /** Whether it is for a page, not for Node. */
  readonly inPage: boolean;
}

/** The JavaScript examples of a Markdown text; for a page are those that are marked so: ```js page. */
export function examplesOf(markdown: string): readonly Example[] {
  const found = markdown.matchAll(/```js( page)?\n([\s\S]*?)```/g);
  return [...found].map(([, page, source]) => ({ inPage: page !== undefined, source: source! }));
}

export function runExample(project: string, { source, inPage }: Example): Promise<void> {
  return inPage ? runInPage(source, project, executablePath!) : runScript(project, source);
}
