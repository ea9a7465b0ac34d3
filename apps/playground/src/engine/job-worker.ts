import { WorkerError } from './plain-error.js';
import type { Jobs } from './jobs.js';
import type { Args, FromWorker, JobName, JobTable, Report, Result, ToWorker } from './protocol.js';

/** A job that was sent to a worker. */
export interface RunningJob<R> {
  readonly result: Promise<R>;
  /** Asks the worker to stop; `result` then rejects with `Stopped`. */
  stop(): void;
}

/** Error of a job that was stopped and so has no result. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

interface Waiting {
  readonly report: ((report: never) => void) | undefined;
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** What a worker does for a `JobWorker`: a `Worker` of this page, or one in a sandbox. */
export type Thread = Pick<Worker, 'postMessage' | 'terminate'> & EventTarget;

/** A worker that does one job after another. It starts with its first job. */
export class JobWorker<All extends JobTable<All> = Jobs> {
  #worker: Thread | undefined;
  #next = 0;
  readonly #waiting = new Map<number, Waiting>();
  readonly #start: () => Thread;

  constructor(start: () => Thread) {
    this.#start = start;
  }

  run<J extends JobName<All>>(
    job: J,
    args: Args<J, All>,
    report?: (report: Report<J, All>) => void,
  ): RunningJob<Result<J, All>> {
    const id = this.#next++;
    const worker = this.#running();
    const result = new Promise<Result<J, All>>((resolve, reject) => {
      this.#waiting.set(id, { report, resolve, reject });
    });
    send<All>(worker, { id, kind: 'run', job, args });
    return { result, stop: () => void (this.#waiting.has(id) && send<All>(worker, { id, kind: 'stop' })) };
  }

  /** Ends the worker and frees all that it holds; the next job starts another worker. */
  restart(error: Error = new Stopped('the worker was restarted')): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #running(): Thread {
    if (this.#worker !== undefined) return this.#worker;
    const worker = this.#start();
    worker.addEventListener('message', (event) => this.#hear((event as MessageEvent<FromWorker<All>>).data));
    worker.addEventListener('error', (event) => {
      const { message } = event as Partial<ErrorEvent>;
      if (this.#worker !== worker) return; // this worker was already ended
      this.restart(
        new WorkerError({ code: 'UNEXPECTED', message: message ?? 'the worker did not start', details: {} }),
      );
    });
    this.#worker = worker;
    return worker;
  }

  #hear(message: FromWorker<All>): void {
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    if (message.kind === 'report') {
      waiting.report?.(message.report as never);
      return;
    }
    this.#waiting.delete(message.id);
    if (message.kind === 'done') waiting.resolve(message.result as never);
    else if (message.kind === 'stopped') waiting.reject(new Stopped('stopped'));
    else waiting.reject(new WorkerError(message.error));
  }
}

function send<All extends JobTable<All>>(worker: Thread, message: ToWorker<All>): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
  worker.postMessage(message);
}
