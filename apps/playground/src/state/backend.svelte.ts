import { BACKENDS, type BackendName, type Status } from '../engine/jobs.js';
import { interactiveWorker } from '../engine/workers.js';
import { plainError } from '../engine/plain-error.js';
import type { PlainError } from '../engine/protocol.js';
import { Stopped } from '../engine/job-worker.js';
import { app } from './app.svelte.js';

/** Facts about the backend in use. */
export const backend: {
  status: Status | undefined;
  /** Error of the backend that was asked for, when another one is in use or none answers. */
  error: (PlainError & { readonly asked: BackendName }) | undefined;
} = $state({ status: undefined, error: undefined });

/** Asks the worker for the status of its backend. When a backend can't run, the next one is selected, and the page says so. */
export async function refreshStatus(): Promise<void> {
  const asked = app.backend;
  try {
    const status = await interactiveWorker.run('status', { backend: asked }).result;
    if (app.backend === asked) backend.status = status;
  } catch (error) {
    if (error instanceof Stopped || app.backend !== asked) return;
    backend.error = { ...plainError(error), asked };
    backend.status = undefined;
    const other = BACKENDS.find((name) => name !== asked && !failed.has(name));
    failed.add(asked);
    if (other !== undefined && plainError(error).code === 'BACKEND_UNAVAILABLE') app.backend = other;
  }
}

const failed = new Set<BackendName>();

export function chooseBackend(name: BackendName): void {
  backend.error = undefined;
  failed.delete(name);
  app.backend = name;
}

/**
 * Replaces the worker that answers at once, with all that it held, after a WebGL context was lost or the worker failed. The workers
 * that train and compare go on.
 */
export function restartDesk(): void {
  interactiveWorker.restart();
  backend.error = undefined;
  failed.clear();
  generation.count++;
}

/** Number of restarts, on which effects depend that ask the worker again. */
export const generation = $state({ count: 0 });
