import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EXIT } from '../exit-codes.js';
import type { Job, Plan } from './plan.js';
import { typedSettings } from './settings-flags.js';
import type { Evaluated, Result } from './store.js';

const HEED = fileURLToPath(new URL('../../bin/heed.js', import.meta.url));

/** How a training's process ended. */
export type Ended =
  | { readonly kind: 'done'; readonly result: Result }
  /** It saved what it had. */
  | { readonly kind: 'interrupted' }
  /** Another process is training it. */
  | { readonly kind: 'held' }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly hint?: string };

export interface Training {
  readonly plan: Plan;
  readonly job: Job;
  /** Folder of its run, in which it goes on where one before it stopped. */
  readonly folder: string;
  readonly steps: number | undefined;
  /** The configuration that the sweep was started with. */
  readonly config: string | undefined;
  readonly signal: AbortSignal;
  /** Called now and then while it trains. */
  readonly onStep: () => void;
}

/** Trains in a process of its own: whatever happens in it, the sweep goes on. */
export async function trainApart(training: Training): Promise<Ended> {
  const { plan, job, folder, steps, config, signal, onStep } = training;
  const about = config === undefined ? [] : ['--config', config];
  const what = ['train', plan.task, '--out', folder, '--seed', String(job.seed), ...typedSettings(job.settings)];
  const length = steps === undefined ? [] : ['--steps', String(steps)];
  const args = [...about, ...what, ...length, '--no-card', '--resume', '--json'];
  const child = spawn(process.execPath, [...process.execArgv, HEED, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', stop);
  const kept: Heard = { start: undefined, error: undefined };
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-MOST_SAID)));
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
  try {
    if (signal.aborted) stop();
    for await (const line of createInterface({ input: child.stdout })) hear(line, kept, onStep);
    const code = await closed;
    if (code === EXIT.ok) return { kind: 'done', result: await resultOf(training, kept) };
    if (code === EXIT.interrupted) return { kind: 'interrupted' };
    if (kept.error?.code === 'RUN_LOCKED') return { kind: 'held' };
    if (kept.error !== undefined) return { ...kept.error, kind: 'failed' };
    return {
      kind: 'failed',
      code: 'UNEXPECTED',
      message: lastLine(said) || `its process ended with ${code ?? 'a signal'}`,
    };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

// Of what a process says beside its events; the end tells why it ended.
const MOST_SAID = 10_000;
const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

/** Events of `heed train --json` that a sweep listens to. */
interface Heard {
  start: { readonly backend: string; readonly simd: string } | undefined;
  error: { readonly code: string; readonly message: string; readonly hint?: string } | undefined;
}

type Event =
  | ({ readonly event: 'start' } & NonNullable<Heard['start']>)
  | { readonly event: 'progress' }
  | ({ readonly event: 'error' } & NonNullable<Heard['error']>)
  | { readonly event: 'other' };

function hear(line: string, kept: Heard, onStep: Training['onStep']): void {
  const event = eventOf(line);
  if (event.event === 'start') kept.start = event;
  else if (event.event === 'error') kept.error = event;
  else if (event.event === 'progress') onStep();
}

/** A process that is killed may leave half a line. */
function eventOf(line: string): Event {
  try {
    return JSON.parse(line) as Event;
  } catch {
    return { event: 'other' };
  }
}

/** What the run's folder says of it. The time that it took is nothing of what it computed. */
async function resultOf({ job, folder }: Training, { start }: Heard): Promise<Result> {
  const { progress } = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as {
    readonly progress: { readonly step: number; readonly best: Evaluated | null; readonly evaluations: Evaluated[] };
  };
  const { step: steps, best, evaluations } = progress;
  return { id: job.id, steps, backend: start!.backend, simd: start!.simd, best, evaluations };
}
