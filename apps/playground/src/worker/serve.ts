/// <reference lib="webworker" />
import { plainError } from '../engine/plain-error.js';
import type { Jobs } from '../engine/jobs.js';
import type { Args, FromWorker, JobName, JobTable, Report, Result, ToWorker } from '../engine/protocol.js';

export interface Context<J extends JobName<All>, All extends JobTable<All> = Jobs> {
  readonly signal: AbortSignal;
  report(report: Report<J, All>): void;
}

export type Handlers<All extends JobTable<All> = Jobs> = {
  readonly [J in JobName<All>]: (args: Args<J, All>, context: Context<J, All>) => Promise<Result<J, All>>;
};

declare const self: DedicatedWorkerGlobalScope;

/**
 * Does the jobs that messages ask for, one after another, since TensorFlow.js has one engine in use at a time. A job that is stopped
 * before its turn never begins. A running job sees the stop in its signal; what it returns or throws after that is ignored, except
 * for jobs in `finishes`, which have a result when they are stopped.
 */
export function serve<All extends JobTable<All> = Jobs>(
  handlers: Handlers<All>,
  finishes: ReadonlySet<JobName<All>>,
): void {
  const controllers = new Map<number, AbortController>();
  let last: Promise<void> = Promise.resolve();
  self.addEventListener('message', ({ data }: MessageEvent<ToWorker<All>>) => {
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
  async function answer<J extends JobName<All>>(
    id: number,
    job: J,
    args: Args<J, All>,
    signal: AbortSignal,
  ): Promise<void> {
    const stopped = { id, kind: 'stopped' } as const;
    if (signal.aborted) return post<All>(stopped);
    try {
      const result = await handlers[job](args, {
        signal,
        report: (report) => post<All>({ id, kind: 'report', report }),
      });
      post<All>(signal.aborted && !finishes.has(job) ? stopped : { id, kind: 'done', result });
    } catch (error) {
      post<All>(signal.aborted ? stopped : { id, kind: 'failed', error: plainError(error) });
    }
  }
}

function post<All extends JobTable<All>>(message: FromWorker<All>): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
  self.postMessage(message);
}
