import type { Contender } from '../contest.js';

/** A contender that is freed when its case is over. */
export type System = Contender & { dispose(): Promise<void> };
