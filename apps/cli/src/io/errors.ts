import { EXIT, type ExitCode } from '../exit-codes.js';
import { UsageError, withoutHint } from '../usage-error.js';
import { painter } from './colors.js';
import { toJsonLine } from './json.js';

/** An error as a user needs it. */
export interface Report {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly exit: ExitCode;
}

/** One line, a hint, and with --json an event; the stack only for debugging. */
export function reportError(error: unknown, { json, debug }: { json: boolean; debug: boolean }): ExitCode {
  const { code, message, hint, exit } = describeError(error);
  if (json) process.stdout.write(toJsonLine({ event: 'error', code, message, ...(hint !== undefined && { hint }) }));
  writeError({ code, message, hint });
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return exit;
}

export function writeError({ code, message, hint }: Pick<Report, 'code' | 'message' | 'hint'>): void {
  const paint = painter(process.stderr);
  process.stderr.write(`${paint.red.bold('error')} ${paint.bold(code)}: ${oneLine(message)}\n`);
  if (hint !== undefined) process.stderr.write(`${paint.cyan('hint')}: ${oneLine(hint)}\n`);
}

export function describeError(error: unknown): Report {
  if (error instanceof UsageError) {
    return { code: 'USAGE', message: error.message, hint: error.hint, exit: EXIT.usage };
  }
  if (isHeedError(error)) {
    const { code, hint } = error;
    const message = withoutHint(error.message, hint);
    return { code, message, hint, exit: code === 'BACKEND_UNAVAILABLE' ? EXIT.backendUnavailable : EXIT.failure };
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
function isHeedError(error: unknown): error is Error & { code: string; hint: string | undefined } {
  return error instanceof Error && Symbol.for('heed.error') in error;
}

// A message may quote a file: nothing of it may move the cursor.
const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ').replaceAll(/\p{Cc}/gu, '');
