import { sha256 } from '../io/sha256.js';

/** What evaluations of a training are held to: how others did on average until the same step, those in the middle of them. */
export interface Bar {
  readonly figure: string;
  readonly direction: 'minimise' | 'maximise';
  /** Nothing is stopped before this step. */
  readonly after: number;
  /** Each holds from its step to the next one's. */
  readonly medians: readonly { readonly step: number; readonly median: number }[];
}

/** What may end a training before its settings do. */
export interface Limits {
  /** Its length, where it is one of several stages. */
  readonly steps?: number;
  /** What it has to reach in order to go on. */
  readonly bar?: Bar;
}

/** What the result of a training under limits is called beside its id, so that it isn't taken for one under others. */
export async function nameOf({ steps, bar }: Limits): Promise<string | undefined> {
  if (bar === undefined) return steps?.toString();
  return (await sha256(new TextEncoder().encode(JSON.stringify(bar)))).slice(0, DIGITS);
}

const DIGITS = 16;
