import type { Standing } from './contest.js';
import type { Figure } from './figure.js';

/** What a case found. */
export interface CaseOutcome {
  readonly case: string;
  readonly title: string;
  readonly standings: readonly Standing[];
  readonly figures: readonly Figure[];
  /** Systems that didn't take part, with the reasons. */
  readonly leftOut: readonly string[];
  /** Rows of a table; the first row has all columns. */
  readonly rows?: readonly Readonly<Record<string, number | string>>[];
}
