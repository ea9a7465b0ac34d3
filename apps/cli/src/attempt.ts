/** What came of some work: a value, or what went wrong. */
export type Attempt<T> = { readonly value: T } | { readonly error: unknown };

export function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}
