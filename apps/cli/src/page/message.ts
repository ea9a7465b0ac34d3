import { HeedError, type ErrorCode } from '@heed/base';
import { parse, stringify } from 'devalue';
import { UsageError, withoutHint } from '../usage-error.js';

/** What came of a call between Node and a page. */
type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** Plain data, typed arrays and errors as text. */
export const encode = (message: unknown): string => stringify(message, REDUCERS);

export const decode = (text: string): unknown => parse(text, REVIVERS);

/** Runs one side of a call: what it returns or throws, to be sent back. */
export async function answer(work: () => unknown): Promise<string> {
  try {
    return encode({ value: await work() });
  } catch (error) {
    return encode({ error });
  }
}

/** The other side: returns or throws the same. */
export function settle(text: string): unknown {
  const outcome = decode(text) as Outcome;
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

// The first that returns something is taken.
const REDUCERS = {
  usageError: (value: unknown) => value instanceof UsageError && [value.message, value.hint, value.stack],
  heedError: (value: unknown) =>
    HeedError.isInstance(value) && [
      value.code,
      withoutHint(value.message, value.hint),
      value.hint,
      JSON.stringify(value.details),
      value.stack,
    ],
  error: (value: unknown) => value instanceof Error && [value.message, value.stack],
};

const REVIVERS = {
  usageError: ([message, hint, stack]: [string, string | undefined, string]) =>
    withStack(new UsageError(message, hint), stack),
  heedError: ([code, message, hint, details, stack]: [ErrorCode, string, string | undefined, string, string]) =>
    withStack(
      new HeedError(code, {
        message,
        details: JSON.parse(details) as Record<string, unknown>,
        ...(hint !== undefined && { hint }),
      }),
      stack,
    ),
  error: ([message, stack]: [string, string]) => withStack(new Error(message), stack),
};

function withStack(error: Error, stack: string): Error {
  error.stack = stack;
  return error;
}
