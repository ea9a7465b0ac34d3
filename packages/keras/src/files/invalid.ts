import { HeedError } from '@heed/base';

/** A file that isn't what it should be, with the place in it that shows so. */
export const invalid = (message: string, hint?: string, cause?: unknown): HeedError =>
  new HeedError('FILE_INVALID', { message, ...(hint !== undefined && { hint }), cause });

/** What a reader throws that doesn't expect hostile files (RangeError, a text, …), as a coded error. */
export function guarded<Result>(what: string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (HeedError.isInstance(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(`${what} can't be read: ${reason.slice(0, 200)}`, 'the file may be cut off or damaged', cause);
  }
}

/** The same with the file, group or dataset that is wrong before what is wrong with it. */
export const invalidAt = (where: string, what: string, hint?: string): HeedError => invalid(`${where}: ${what}`, hint);

/** Something that would take more memory than the caller allows. */
export const tooLarge = (message: string, details: Readonly<Record<string, unknown>>): HeedError =>
  new HeedError('FILE_TOO_LARGE', { message, hint: 'give a larger maxBytes when you trust the file', details });
