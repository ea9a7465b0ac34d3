import { UsageError } from './usage-error.js';

/** 'multiHead' as people write it: 'multi-head'. */
export const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** 'topK' is the flag '--top-k'. */
export const flagOf = (name: string): string => `--${kebab(name)}`;

/** Values of flags as one would type them. */
export type FlagValues = Readonly<Record<string, string | number | true | readonly string[]>>;

/** Flags as one would type them: ['--batch-size=64']. No value is taken for a flag, whoever it comes from. */
export const typedFlags = (flags: FlagValues): readonly string[] =>
  Object.entries(flags).flatMap(([name, value]) =>
    value === true ? [flagOf(name)] : [value].flat().map((one) => `${flagOf(name)}=${one}`),
  );

/** @throws UsageError for the first of these flags that is given, though it means nothing there */
export function refuseFlags<Flags>(flags: Flags, names: readonly (keyof Flags & string)[], where: string): void {
  const given = names.find((name) => flags[name] !== undefined);
  if (given !== undefined) throw new UsageError(`${flagOf(given)} means nothing ${where}`);
}
