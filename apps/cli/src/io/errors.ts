import { EXIT, type ExitCode } from '../exit-codes.js';
import { UsageError, withoutHint } from '../usage-error.js';

/** An error as a user needs it. */
export interface Report {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** Address of what is written about the code. */
  readonly help?: string;
  readonly exit: ExitCode;
}

/** A report as events have it: what there isn't is left out. */
export const toldBy = ({ code, message, hint, help }: Report): Omit<Report, 'exit'> => ({
  code,
  message,
  ...(hint !== undefined && { hint }),
  ...(help !== undefined && { help }),
});

export function describeError(error: unknown): Report {
  if (error instanceof UsageError) {
    return { code: 'USAGE', message: error.message, hint: error.hint, exit: EXIT.usage };
  }
  if (isHeedError(error)) {
    const { code, hint, help } = error;
    const message = withoutHint(error.message, hint);
    return { code, message, hint, help, exit: code === 'BACKEND_UNAVAILABLE' ? EXIT.backendUnavailable : EXIT.failure };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'UNEXPECTED',
    message: message === '' ? 'something failed without saying what' : message,
    hint: 'this is a defect of heed; run it again with --debug to see where it comes from',
    exit: EXIT.failure,
  };
}

// As HeedError.isInstance does it, without loading @heed/core and TensorFlow.js to report a wrong flag.
function isHeedError(error: unknown): error is Error & { code: string; hint: string | undefined; help?: string } {
  return error instanceof Error && Symbol.for('heed.error') in error;
}
