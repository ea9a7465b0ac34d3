import type { Contender } from '../contest.js';

/** A contender that is disposed after its case. */
export type System = Contender & { dispose(): Promise<void> };
