/** Element of a list that a number picks, modulo the length; undefined for an empty list. */
export function pick<T>(list: readonly T[], at: number): T | undefined {
  return list.length === 0 ? undefined : list[at % list.length];
}

export function throwIfAny(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(faults.join('\n'));
}
