import type { ExitCode } from '../exit-codes.js';
import { painter } from './colors.js';
import { describeError, toldBy, type Report } from './errors.js';
import { toJsonLine } from './json.js';
import { plain } from './plain.js';

/** One line, a hint, where the code is written about, and with --json an event; the stack only for debugging. */
export function reportError(error: unknown, { json, debug }: { json: boolean; debug: boolean }): ExitCode {
  const report = describeError(error);
  if (json) process.stdout.write(toJsonLine({ event: 'error', ...toldBy(report) }));
  writeError(report);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return report.exit;
}

export function writeError({ code, message, hint, help }: Omit<Report, 'exit'>): void {
  const paint = painter(process.stderr);
  process.stderr.write(`${paint.red.bold('error')} ${paint.bold(code)}: ${oneLine(message)}\n`);
  if (hint !== undefined) process.stderr.write(`${paint.cyan('hint')}: ${oneLine(hint)}\n`);
  if (help !== undefined) process.stderr.write(`${paint.cyan('help')}: ${help}\n`);
}

// A message may quote a file: nothing of it may move the cursor.
const oneLine = (text: string): string => plain(text).replaceAll(/\s*\n\s*/g, ' ');
