/// <reference lib="webworker" />
import { plainError } from '../engine/plain-error.js';
import type { Args, FromWorker, JobName, Report, Result, ToWorker } from '../engine/protocol.js';

export interface Context<J extends JobName> {
  readonly signal: AbortSignal;
  report(report: Report<J>): void;
}

export type Handlers = {
  readonly [J in JobName]: (args: Args<J>, context: Context<J>) => Promise<Result<J>>;
};

declare const self: DedicatedWorkerGlobalScope;

/**
 * Does the jobs that messages ask for, one after another, since TensorFlow.js has one engine in use at a time. A job that is stopped
 * before its turn never begins. A running job sees the stop in its signal; what it returns or throws after that is ignored, except
 * for jobs in `finishes`, which have a result when they are stopped.
 */
export function serve(handlers: Handlers, finishes: ReadonlySet<JobName>): void {
  const controllers = new Map<number, AbortController>();
  let last: Promise<void> = Promise.resolve();
  self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
    if (data.kind === 'stop') {
      controllers.get(data.id)?.abort();
      return;
    }
    const { id, job, args } = data;
    const controller = new AbortController();
    controllers.set(id, controller);
    last = last.then(async () => {
      await answer(id, job, args, controller.signal);
      controllers.delete(id);
    });
  });

  /** Runs a job and posts its result. Never rejects: a result that can't be posted is an error too, and the next job runs. */
  async function answer<J extends JobName>(id: number, job: J, args: Args<J>, signal: AbortSignal): Promise<void> {
    const stopped = { id, kind: 'stopped' } as const;
    if (signal.aborted) return post(stopped);
    try {
      const result = await handlers[job](args, { signal, report: (report) => post({ id, kind: 'report', report }) });
      post(signal.aborted && !finishes.has(job) ? stopped : { id, kind: 'done', result });
    } catch (error) {
      post(signal.aborted ? stopped : { id, kind: 'failed', error: plainError(error) });
    }
  }
}

function post(message: FromWorker): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
  self.postMessage(message);
}
