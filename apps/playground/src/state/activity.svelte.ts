import { Stopped, type Task } from '../engine/client.js';
import { problemOf } from '../engine/problem.js';
import type { Problem } from '../engine/protocol.js';

/** Activity of a part of the page, which waits for one job at a time. */
export class Activity {
  busy = $state(false);
  problem: Problem | undefined = $state();
  #task: Task<unknown> | undefined;

  /** Result of a job; undefined when it was stopped, or when it failed, which `problem` then says. Stops the job before it. */
  async run<R>(task: Task<R>): Promise<R | undefined> {
    this.#task?.stop();
    this.#task = task;
    this.busy = true;
    try {
      const result = await task.result;
      if (this.#task !== task) return undefined;
      this.problem = undefined;
      return result;
    } catch (error) {
      if (this.#task === task && !(error instanceof Stopped)) this.problem = problemOf(error);
      return undefined;
    } finally {
      if (this.#task === task) {
        this.#task = undefined;
        this.busy = false;
      }
    }
  }

  stop(): void {
    this.#task?.stop();
  }
}
