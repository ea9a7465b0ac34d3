import { kebab } from './flag-names.js';

/** Names of the mechanisms, as flags take them. */
export const mechanismNames = ({
  mechanisms,
}: {
  readonly mechanisms: readonly { readonly kind: string }[];
}): readonly string[] => mechanisms.map(({ kind }) => kebab(kind));

/** 'a, b or c' */
export const either = (names: readonly string[]): string => `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
