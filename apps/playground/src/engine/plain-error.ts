import { HeedError } from '@heed/base';
import type { PlainError } from './protocol.js';

/** Error in the page for an error that a worker threw. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';
  readonly code: string;
  readonly details: PlainError['details'];
  readonly help: string | undefined;

  constructor({ code, message, details, help }: PlainError) {
    super(message);
    this.code = code;
    this.details = details;
    this.help = help;
  }
}

/** An error as plain data, which crosses between threads and is shown to the reader. */
export function plainError(error: unknown): PlainError {
  if (error instanceof WorkerError || HeedError.isInstance(error)) {
    const { code, message, details, help } = error;
    return { code, message, details: plain(details), ...(help !== undefined && { help }) };
  }
  return { code: 'UNEXPECTED', message: error instanceof Error ? error.message : String(error), details: {} };
}

/** Details without the values that can't cross between threads, since a detail may be anything. */
const plain = (details: PlainError['details']): PlainError['details'] =>
  Object.fromEntries(Object.entries(details).filter(([, value]) => isPlain(value)));

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isPlain);
  if (typeof value === 'object' && value !== null) {
    return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlain);
  }
  return ['string', 'number', 'boolean'].includes(typeof value);
}
