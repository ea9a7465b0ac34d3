import { ERRORS_PAGE } from './errors-page.js';

/**
 * Codes of all errors that Heed throws on purpose. They are part of the public API: a code never changes its meaning, and each
 * has its heading in docs/errors.md.
 */
export const ERROR_CODES = [
  'SHAPE_MISMATCH',
  'DTYPE_UNSUPPORTED',
  'INVALID_ARGUMENT',
  'UNKNOWN_OPTION',
  'ALIGNMENT_REQUIRED',
  'AXES_REQUIRED',
  'BACKEND_UNAVAILABLE',
  'BACKEND_INVALID',
  'DISPOSED',
  'GRADIENTS_MISSING',
  'FILE_INVALID',
  'FILE_TOO_LARGE',
  'FILE_ACCESS',
  'RUN_LOCKED',
  'CHECKPOINT_INVALID',
  'CONFIG_INVALID',
  'NOT_FINITE',
  'UNKNOWN_NAME',
  'ENGINE_INCOMPATIBLE',
  'OUT_OF_MEMORY',
  'CONTEXT_LOST',
  'DEVICE_ERROR',
  'SYNCHRONOUS_READ',
  'BACKEND_LOST',
  'DATA_MISSING',
  'QUEUE_UNAVAILABLE',
  'JOB_MISMATCH',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface HeedErrorOptions {
  /** What went wrong, with the shapes or values that show it. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** The facts of the message as data, for programs. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

// Symbol.for survives duplicate copies of the package, which instanceof doesn't.
const MARKER = Symbol.for('heed.error');

export class HeedError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  /** Address of what is written about the code; absent as long as no site has it. Node prints it with an error that nobody catches. */
  declare readonly help?: string;

  constructor(code: ErrorCode, { message, hint, details = {}, cause }: HeedErrorOptions) {
    super(hint === undefined ? message : `${message}. Hint: ${hint}`, { cause });
    this.name = 'HeedError';
    this.code = code;
    this.hint = hint;
    this.details = details;
    if (ERRORS_PAGE !== undefined) this.help = `${ERRORS_PAGE}#${code}`;
    Object.defineProperty(this, MARKER, { value: true });
  }

  /** True for a HeedError of any copy of this package, optionally of one code. */
  static isInstance(error: unknown, code?: ErrorCode): error is HeedError {
    return (
      error instanceof Error &&
      (error as { [MARKER]?: unknown })[MARKER] === true &&
      (code === undefined || (error as HeedError).code === code)
    );
  }
}
