/// <reference lib="webworker" />
import { problemOf } from '../engine/problem.js';
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
 * Does what messages ask for, one job after another: TensorFlow.js has one engine in use at a time. A job that is told to stop
 * before its turn never begins; one that runs sees it in its signal, and what it returns or throws after that counts for
 * nothing, unless it says by `finishes` that stopping is how it ends.
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

  /** Never rejects: a result that can't be posted is a failure too, and the next job has its turn. */
  async function answer<J extends JobName>(id: number, job: J, args: Args<J>, signal: AbortSignal): Promise<void> {
    const stopped = { id, kind: 'stopped' } as const;
    if (signal.aborted) return post(stopped);
    try {
      const result = await handlers[job](args, { signal, report: (report) => post({ id, kind: 'report', report }) });
      post(signal.aborted && !finishes.has(job) ? stopped : { id, kind: 'done', result });
    } catch (error) {
      post(signal.aborted ? stopped : { id, kind: 'failed', problem: problemOf(error) });
    }
  }
}

function post(message: FromWorker): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
  self.postMessage(message);
}
