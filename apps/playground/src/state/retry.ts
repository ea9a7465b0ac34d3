import type { PlainError } from '../engine/protocol.js';

/** Codes of errors that the same input causes every time. */
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

/** Action that a reader is offered after an error: `again`, or undefined when that can't help. */
export const retry = (error: PlainError, again: () => void): (() => void) | undefined =>
  OF_THE_INPUT.has(error.code) ? undefined : again;
