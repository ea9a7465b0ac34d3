import { BACKENDS, type BackendName, type Status } from '../engine/jobs.js';
import { desk } from '../engine/engines.js';
import { problemOf } from '../engine/problem.js';
import type { Problem } from '../engine/protocol.js';
import { Stopped } from '../engine/client.js';
import { app } from './app.svelte.js';

/** What is known of the backend in use. */
export const backend: {
  status: Status | undefined;
  /** Why another one than was asked for is in use, or why none answers. */
  problem: (Problem & { readonly asked: BackendName }) | undefined;
} = $state({ status: undefined, problem: undefined });

/** Asks the worker; where a backend can't run, the next one is taken, and the page says so. */
export async function refreshStatus(): Promise<void> {
  const asked = app.backend;
  try {
    const status = await desk.run('status', { backend: asked }).result;
    if (app.backend === asked) backend.status = status;
  } catch (error) {
    if (error instanceof Stopped || app.backend !== asked) return;
    backend.problem = { ...problemOf(error), asked };
    backend.status = undefined;
    const other = BACKENDS.find((name) => name !== asked && !failed.has(name));
    failed.add(asked);
    if (other !== undefined && problemOf(error).code === 'BACKEND_UNAVAILABLE') app.backend = other;
  }
}

const failed = new Set<BackendName>();

export function chooseBackend(name: BackendName): void {
  backend.problem = undefined;
  failed.delete(name);
  app.backend = name;
}

/**
 * A new worker, and nothing of what the old one held, for what answers at once: after a context was lost, or the worker broke. What
 * trains and what compares have workers of their own, which go on.
 */
export function restartDesk(): void {
  desk.restart();
  backend.problem = undefined;
  failed.clear();
  generation.count++;
}

/** Counts restarts, so that what depends on a worker asks again. */
export const generation = $state({ count: 0 });
