/** What the user typed can't be meant; the command ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** Runs what takes a name from the command line: one that it doesn't know is the user's mistake, not a failure. */
export async function namingUsage<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, hint } = error as { code?: unknown; hint?: string };
    if (error instanceof Error && code === 'UNKNOWN_NAME') throw new UsageError(withoutHint(error.message, hint), hint);
    throw error;
  }
}

/** HeedError puts its hint into the message, where it stands alone; here it has a line of its own. */
export function withoutHint(message: string, hint: string | undefined): string {
  const suffix = `. Hint: ${hint}`;
  return message.endsWith(suffix) ? message.slice(0, -suffix.length) : message;
}
