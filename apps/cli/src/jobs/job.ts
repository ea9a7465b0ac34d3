import type { Host } from '../host.js';

/** Work for a process of its own, as JSON, so that any machine can do it. Equal ids have equal results. */
export interface Job {
  readonly kind: string;
  /** Names what it computes, and serves as the name of a file. */
  readonly id: string;
  /** Where its result is kept. */
  readonly folder: string;
}

/** How work ended. What is done is kept where its job says. */
export type Ended =
  | { readonly kind: 'done' }
  /** It saved what it had. */
  | { readonly kind: 'interrupted' }
  /** Another process is at it. */
  | { readonly kind: 'held' }
  | ({ readonly kind: 'failed' } & Failure);

/** Why work failed, as events tell errors. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

export interface How {
  readonly signal: AbortSignal;
  /** Called now and then while it is done. */
  readonly onStep: () => void;
}

/** Sees to it that a job is done, here or elsewhere. */
export type Executor<J extends Job> = (job: J, how: How) => Promise<Ended>;

/** How jobs of a kind are done. */
export interface JobKind<J extends Job = Job> {
  readonly kind: J['kind'];
  /** What jobs of this kind have as JSON, whoever wrote it. */
  check(given: unknown): J;
  /** Whether its result is there. */
  isKept(job: J): Promise<boolean>;
  /** Does it in a process of its own, and keeps its result. Done by several, it is kept once. */
  perform(host: Host, job: J, how: How): Promise<Ended>;
}
