import type { Problem } from '../engine/protocol.js';

/** Codes of problems that the same input has again, however often it is asked. */
const OF_THE_INPUT: ReadonlySet<string> = new Set([
  'ALIGNMENT_REQUIRED',
  'CHECKPOINT_INVALID',
  'CONFIG_INVALID',
  'DATA_MISSING',
  'DTYPE_UNSUPPORTED',
  'FILE_INVALID',
  'FILE_TOO_LARGE',
  'INVALID_ARGUMENT',
  'NOT_FINITE',
  'SHAPE_MISMATCH',
  'UNKNOWN_NAME',
]);

/** What a reader is offered where something failed: `again`, or nothing where that can't help. */
export const retry = (problem: Problem, again: () => void): (() => void) | undefined =>
  OF_THE_INPUT.has(problem.code) ? undefined : again;
