import { kebab } from './flag-names.js';

/** Names of the mechanisms, as flags take them. */
export const mechanismNames = ({
  mechanisms,
}: {
  readonly mechanisms: readonly { readonly kind: string }[];
}): readonly string[] => mechanisms.map(({ kind }) => kebab(kind));

/** Names of those that a recurrent decoder can use: its states have no positions of their own to look back at. */
export const decoderMechanismNames = ({
  mechanisms,
}: {
  readonly mechanisms: readonly { readonly kind: string; readonly looksBack?: boolean }[];
}): readonly string[] => mechanismNames({ mechanisms: mechanisms.filter(({ looksBack }) => !looksBack) });

/** 'a, b or c' */
export const either = (names: readonly string[]): string => `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
