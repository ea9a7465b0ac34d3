import type { Output } from '../host.js';
import { describeError } from './errors.js';

/** Tells what is wrong with one input, while the others are answered. */
export function tellRefused(output: Output, input: string, error: unknown): void {
  const report = describeError(error);
  const { code, message, hint } = report;
  output.event({ event: 'error', input, code, message, ...(hint !== undefined && { hint }) });
  output.error(report);
}
