import type { CaseOutcome } from '../case.js';
import type { Engines } from './engines.js';

export interface BenchCase {
  readonly name: string;
  readonly title: string;
  run(engines: Engines, rounds: number): Promise<CaseOutcome>;
}
