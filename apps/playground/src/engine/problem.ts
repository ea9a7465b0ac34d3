import { HeedError } from '@heed/base';
import type { Problem } from './protocol.js';

/** What a worker threw, on the side of the page. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';
  readonly code: string;
  readonly details: Problem['details'];

  constructor({ code, message, details }: Problem) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** Any error as what crosses between threads, and is told to the reader. */
export function problemOf(error: unknown): Problem {
  if (error instanceof WorkerError || HeedError.isInstance(error)) {
    return { code: error.code, message: error.message, details: plain(error.details) };
  }
  return { code: 'UNEXPECTED', message: error instanceof Error ? error.message : String(error), details: {} };
}

/** Without what can't cross: a detail may be anything. */
const plain = (details: Problem['details']): Problem['details'] =>
  Object.fromEntries(Object.entries(details).filter(([, value]) => isPlain(value)));

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isPlain);
  if (typeof value === 'object' && value !== null) {
    return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlain);
  }
  return ['string', 'number', 'boolean'].includes(typeof value);
}
