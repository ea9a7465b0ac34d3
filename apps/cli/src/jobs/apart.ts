import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ConfigFile } from '../config/find-config.js';
import { EXIT } from '../exit-codes.js';
import type { Ended, Failure } from './job.js';

const HEED = fileURLToPath(new URL('../../bin/heed.js', import.meta.url));

/** An event of a command's `--json`. */
export interface Event {
  readonly event: string;
  readonly [name: string]: unknown;
}

export interface Apart {
  /** The configuration that this command was started with. */
  readonly config: ConfigFile | undefined;
  readonly signal: AbortSignal;
  /** Called with every event, also with errors. */
  readonly onEvent: (event: Event) => void;
}

/**
 * Runs a command in a process of its own: whatever happens in it, this one goes on.
 *
 * @param what of the command, such as the run that it is about: never taken for a flag
 */
export async function heedApart(
  command: string,
  what: string,
  flags: readonly string[],
  { config, signal, onEvent }: Apart,
): Promise<Ended> {
  const about = config === undefined ? [] : ['--config', config.path];
  const argv = [...process.execArgv, HEED, ...about, command, ...flags, '--json', '--', what];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', stop);
  let failure: Failure | undefined;
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-MOST_SAID)));
  const closed = new Promise<{ readonly code: number | null; readonly by: NodeJS.Signals | null }>(
    (resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, by) => resolve({ code, by }));
    },
  );
  try {
    if (signal.aborted) stop();
    for await (const line of createInterface({ input: child.stdout })) {
      const event = eventOf(line);
      if (event === undefined) continue;
      if (event.event === 'error') failure = event as unknown as Failure;
      onEvent(event);
    }
    const { code, by } = await closed;
    if (code === EXIT.ok) return { kind: 'done' };
    // What has nothing to save may end by the signal itself.
    if (code === EXIT.interrupted || (by !== null && signal.aborted)) return { kind: 'interrupted' };
    if (failure?.code === 'RUN_LOCKED') return { kind: 'held' };
    if (failure !== undefined) return { ...told(failure), kind: 'failed' };
    if (by !== null)
      return {
        kind: 'failed',
        code: KILLED,
        message: `${by} has ended its process`,
        hint: 'a system that is short of memory may do that: fewer --workers need less',
      };
    return { kind: 'failed', code: 'UNEXPECTED', message: lastLine(said) || `its process ended with ${code}` };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Code of work whose process was killed, by whatever wanted its memory. */
export const KILLED = 'KILLED';

const told = ({ code, message, hint }: Failure): Failure => ({ code, message, ...(hint !== undefined && { hint }) });

// Of what a process says beside its events; the end tells why it ended.
const MOST_SAID = 10_000;
const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

/** Undefined for half a line, which a process that is killed may leave. */
function eventOf(line: string): Event | undefined {
  try {
    return JSON.parse(line) as Event;
  } catch {
    return undefined;
  }
}
