/** The words of a SharedArrayBuffer through which threads agree on a job. */
export const WORD = {
  /** Changes with each job, and when the pool ends: what idle threads wait on. */
  ticket: 0,
  /** 1 while a job takes threads in. */
  open: 1,
  /** How many threads besides the caller's are at it. */
  active: 2,
  /** The next unit to take. */
  next: 3,
  /** 1 when a thread failed. */
  failed: 4,
  /** 1 when threads are to end. */
  stop: 5,
  // The job.
  backward: 6,
  units: 7,
  parts: 8,
  request: 9,
  scratch: 10,
  stride: 11,
} as const;

/** Independent units of a pass over one request. */
export interface Job {
  readonly backward: boolean;
  readonly units: number;
  /** Units of one batch row and key head, forward. */
  readonly parts: number;
  /** Addresses in the shared memory; thread n has its scratch at scratch + n·stride. */
  readonly request: number;
  readonly scratch: number;
  readonly stride: number;
}
