import type { Recording } from './recorder.js';

/** Something outside of a function that is one further after each of its calls, such as how much a cache holds. */
export interface Advancing {
  /** How far it is. */
  at(): number;
  /** Whether it can go on without a change of the tensors that stand for it. */
  canAdvance(): boolean;
  /** Goes on, when a replay has done to its tensors what a call does. */
  advance(): void;
}

/** An advancing thing, and how far it was before the call. */
export interface Advance {
  readonly of: Advancing;
  readonly from: number;
}

/** A call that is being recorded. */
export interface RecordedCall {
  readonly recording: Recording;
  readonly advances: Advance[];
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
export function advances(of: Advancing): void {
  current?.advances.push({ of, from: of.at() });
}

/** Tells a call that is being recorded, if there is one, that its next would be another. */
export function isUnlikeTheNext(reason: string): void {
  current?.recording.spoil(reason);
}
