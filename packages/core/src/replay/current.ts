import type { Recording } from './recorder.js';

/** Something outside of a function that is further after each of its calls, such as how much a cache holds. */
export interface Advancing {
  /** How far it is. */
  at(): number;
  /** Whether it can go on by so much without a change of the tensors that stand for it. */
  canAdvance(by: number): boolean;
  /** Goes on, when a replay has done to its tensors what a call does. */
  advance(by: number): void;
}

/** An advancing thing, how far it was before the call, and by how much the call moves it on. */
export interface Advance {
  readonly of: Advancing;
  readonly from: number;
  readonly by: number;
}

/** A count that moves on with what advances, and that a call can only be done again with while it is below a limit. */
export interface Limit {
  readonly count: number;
  readonly limit: number;
}

/** A call that is being recorded. */
export interface RecordedCall {
  readonly recording: Recording;
  readonly advances: Advance[];
  readonly limits: Limit[];
  /** What has to hold for it to be done again. */
  readonly conditions: (() => boolean)[];
}

let current: RecordedCall | undefined;

/** The call that is being recorded now. */
export const recordedCall = (): RecordedCall | undefined => current;

/** Whether a call is being recorded now, whose numbers nobody may look at. */
export const isRecorded = (): boolean => current !== undefined;

/** Runs a function as the call that is being recorded. */
export function during<T>(call: RecordedCall, run: () => T): T {
  current = call;
  try {
    return run();
  } finally {
    current = undefined;
  }
}

/** Tells a call that is being recorded, if there is one, what it moves on. */
export function advances(of: Advancing, by: number): void {
  current?.advances.push({ of, from: of.at(), by });
}

/** Tells a call that is being recorded, if there is one, that a count which moves on, such as a row of a table, has to stay below a limit. */
export function staysBelow(count: number, limit: number): void {
  current?.limits.push({ count, limit });
}

/** Tells a call that is being recorded, if there is one, that it can only be done again while something holds that no tensor shows. */
export function onlyWhile(holds: () => boolean): void {
  current?.conditions.push(holds);
}

/** Tells a call that is being recorded, if there is one, that its next would be another. */
export function isUnlikeTheNext(reason: string): void {
  current?.recording.spoil(reason);
}
