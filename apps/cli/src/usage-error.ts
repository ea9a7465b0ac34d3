/** What the user typed can't be meant; the command ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** Finds something by a name that was typed: one that there isn't is the user's mistake, not a failure. */
export function typed<T>(find: () => T): T {
  try {
    return find();
  } catch (error) {
    throw asMistake(error);
  }
}

/** The same for work that finds it on the way. */
export async function namingUsage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asMistake(error);
  }
}

function asMistake(error: unknown): unknown {
  const { code, hint } = error as { code?: unknown; hint?: string };
  if (!(error instanceof Error) || code !== 'UNKNOWN_NAME') return error;
  return new UsageError(withoutHint(error.message, hint), hint);
}

/** HeedError puts its hint into the message, where it stands alone; here it has a line of its own. */
export function withoutHint(message: string, hint: string | undefined): string {
  const suffix = `. Hint: ${hint}`;
  return message.endsWith(suffix) ? message.slice(0, -suffix.length) : message;
}
