import { fork, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const WARM = fileURLToPath(new URL('warm.mjs', import.meta.url));
export const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
/** What package managers link as `heed`, which runs the bundle. */
export const LINKED = fileURLToPath(new URL('../bin/heed.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Settings {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** File to run, `MAIN` by default. */
  readonly file?: string;
  /** Flags of Node's. */
  readonly node?: readonly string[];
  readonly onStart?: (child: ChildProcess) => void;
  /** Called with what has come so far. */
  readonly onOutput?: (child: ChildProcess, stdout: string, stderr: string) => void;
}

/**
 * Runs the built command as a shell would, without a terminal.
 *
 * Where it can, it runs in a process that the commands of a test file share, one after another: most of what a start takes is loading
 * modules. Signals, flags of Node and an environment of its own need a process of its own; and so does a command that opens a browser,
 * which ends with the process.
 */
export function heed(args: readonly string[], settings: Settings = {}): Promise<Outcome> {
  const { input = '', cwd = process.cwd(), ...own } = settings;
  const isWarm = Object.keys(own).length === 0 && !args.includes('--browser');
  return isWarm ? warmly({ args, input, cwd }) : alone(args, settings);
}

/** In a process of its own. */
function alone(
  args: readonly string[],
  { input = '', env = {}, cwd, file = MAIN, node = [], onStart, onOutput }: Settings,
): Promise<Outcome> {
  const child = spawn(process.execPath, [...node, file, ...args], { env: { ...cleanEnvironment(), ...env }, cwd });
  onStart?.(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    onOutput?.(child, stdout, stderr);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    onOutput?.(child, stdout, stderr);
  });
  child.stdin.on('error', () => {}); // a command that reads nothing may be gone already
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: signal === null ? code : 128, stdout, stderr }));
  });
}

/** What a reader's machine has, without what says how to write or which settings to take. */
const cleanEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/COLOR|^CI$|^HEED_/.test(name)));

let warm: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

/** What warm.mjs is sent. */
interface WarmRun {
  readonly args: readonly string[];
  readonly input: string;
  readonly cwd: string;
}

/** In the process that all of a file share, which ends with the file's. */
function warmly(run: WarmRun): Promise<Outcome> {
  const outcome = last.then(
    () =>
      new Promise<Outcome>((resolve, reject) => {
        warm ??= fork(WARM, [MAIN], { env: cleanEnvironment(), stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
        const ended = (code: number | null): void => {
          warm = undefined;
          reject(new Error(`heed ${run.args.join(' ')} ended the process that tests share, with ${code}`));
        };
        warm.once('exit', ended);
        warm.once('message', (message) => {
          warm?.off('exit', ended);
          resolve(message as Outcome);
        });
        warm.send(run);
      }),
  );
  last = outcome.catch(() => undefined);
  return outcome;
}

/** Each line of standard output as JSON; throws when one isn't. */
export function events({ stdout }: Outcome): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'heed-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
