import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Settings {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Flags of Node's. */
  readonly node?: readonly string[];
  readonly onStart?: (child: ChildProcess) => void;
  /** Called with what has come so far. */
  readonly onOutput?: (child: ChildProcess, stdout: string, stderr: string) => void;
}

/** Runs the built command as a shell would, without a terminal. */
export function heed(
  args: readonly string[],
  { input = '', env = {}, cwd, node = [], onStart, onOutput }: Settings = {},
): Promise<Outcome> {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/COLOR|^CI$|^HEED_/.test(name)));
  const child = spawn(process.execPath, [...node, MAIN, ...args], { env: { ...clean, ...env }, cwd });
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
