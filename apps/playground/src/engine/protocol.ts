import type { AnyJob, Jobs } from './jobs.js';

// Messages between page and worker. Each belongs to one run of a job, by its id; a run ends with `done`, `failed` or `stopped`, and
// may report before that.

/** Constraint of a table of jobs: the arguments, result and reports of each, by its name. */
export type JobTable<All> = { readonly [J in keyof All]: AnyJob };

/** Names of the jobs. */
export type JobName<All = Jobs> = keyof All & string;
export type Args<J extends JobName<All>, All extends JobTable<All> = Jobs> = All[J]['args'];
export type Result<J extends JobName<All>, All extends JobTable<All> = Jobs> = All[J]['result'];
export type Report<J extends JobName<All>, All extends JobTable<All> = Jobs> = All[J]['report'];

export type ToWorker<All extends JobTable<All> = Jobs> =
  | { readonly id: number; readonly kind: 'run'; readonly job: JobName<All>; readonly args: Args<JobName<All>, All> }
  | { readonly id: number; readonly kind: 'stop' };

export type FromWorker<All extends JobTable<All> = Jobs> =
  | { readonly id: number; readonly kind: 'report'; readonly report: Report<JobName<All>, All> }
  | { readonly id: number; readonly kind: 'done'; readonly result: Result<JobName<All>, All> }
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
  /** Address of what is written about the code. */
  readonly help?: string;
}
