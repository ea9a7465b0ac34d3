import { Stopped, type Task } from '../engine/client.js';
import { problemOf } from '../engine/problem.js';
import type { Problem } from '../engine/protocol.js';

/** One thing at a time that a part of the page waits for. */
export class Activity {
  busy = $state(false);
  problem: Problem | undefined = $state();
  #task: Task<unknown> | undefined;

  /** The result; undefined when it was stopped, or failed, which `problem` says. A task before it is stopped. */
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
