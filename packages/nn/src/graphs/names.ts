/** A list by numbers: '0', '1', … */
export const numbered = <T>(list: readonly T[]): Record<string, T> =>
  Object.fromEntries(list.map((one, n) => [String(n), one]));

/** Things under a prefix: `keys` → `memory/keys`. */
export const under = <T>(prefix: string, named: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(named).map(([name, x]) => [`${prefix}/${name}`, x]));

/** What is under a prefix, without it: `memory/keys` → `keys`. */
export function within<T>(prefix: string, named: Readonly<Record<string, T>>): Record<string, T> {
  const below = Object.entries(named).filter(([name]) => name.startsWith(`${prefix}/`));
  return Object.fromEntries(below.map(([name, x]) => [name.slice(prefix.length + 1), x]));
}
