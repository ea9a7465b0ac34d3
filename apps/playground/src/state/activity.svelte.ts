import { Stopped, type RunningJob } from '../engine/job-worker.js';
import { plainError } from '../engine/plain-error.js';
import type { PlainError } from '../engine/protocol.js';

/** Activity of a part of the page, which waits for one job at a time. */
export class Activity {
  busy = $state(false);
  error: PlainError | undefined = $state();
  #job: RunningJob<unknown> | undefined;

  /** Result of a job; undefined when it was stopped, or when it failed, which `error` then says. Stops the job before it. */
  async run<R>(job: RunningJob<R>): Promise<R | undefined> {
    this.#job?.stop();
    this.#job = job;
    this.busy = true;
    try {
      const result = await job.result;
      if (this.#job !== job) return undefined;
      this.error = undefined;
      return result;
    } catch (error) {
      if (this.#job === job && !(error instanceof Stopped)) this.error = plainError(error);
      return undefined;
    } finally {
      if (this.#job === job) {
        this.#job = undefined;
        this.busy = false;
      }
    }
  }

  stop(): void {
    this.#job?.stop();
  }
}
