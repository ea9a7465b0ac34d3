import type { Jobs } from './jobs.js';

/**
 * What page and worker tell each other. Every message is of one task by its id; a task ends with `done`, `failed` or
 * `stopped`, and may report in between.
 */
export type JobName = keyof Jobs;
export type Args<J extends JobName> = Jobs[J]['args'];
export type Result<J extends JobName> = Jobs[J]['result'];
export type Report<J extends JobName> = Jobs[J]['report'];

export type ToWorker =
  | { readonly id: number; readonly kind: 'run'; readonly job: JobName; readonly args: Args<JobName> }
  | { readonly id: number; readonly kind: 'stop' };

export type FromWorker =
  | { readonly id: number; readonly kind: 'report'; readonly report: Report<JobName> }
  | { readonly id: number; readonly kind: 'done'; readonly result: Result<JobName> }
  | { readonly id: number; readonly kind: 'failed'; readonly problem: Problem }
  | { readonly id: number; readonly kind: 'stopped' };

/** An error as it crosses between threads. */
export interface Problem {
  /** Of a HeedError, or 'UNEXPECTED'. */
  readonly code: string;
  /** In English, with what to do about it. */
  readonly message: string;
  /** The same facts for programs: from them the page tells it in other languages. */
  readonly details: Readonly<Record<string, unknown>>;
}
