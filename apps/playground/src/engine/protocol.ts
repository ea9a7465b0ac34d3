import type { Jobs } from './jobs.js';

// Messages between page and worker. Each belongs to one run of a job, by its id; a run ends with `done`, `failed` or `stopped`, and
// may report before that.

/** Names of the jobs. */
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
  | { readonly id: number; readonly kind: 'failed'; readonly error: PlainError }
  | { readonly id: number; readonly kind: 'stopped' };

/** An error as plain data, which can cross between threads. */
export interface PlainError {
  /** Code of a HeedError, or 'UNEXPECTED'. */
  readonly code: string;
  /** Message in English, with the hint. */
  readonly message: string;
  /** Facts of the message as data, from which the page writes it in other languages. */
  readonly details: Readonly<Record<string, unknown>>;
}
