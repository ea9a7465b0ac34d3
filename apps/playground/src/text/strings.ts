import type { en } from './en.js';

/** What `en` has, in any language: a text that is missing elsewhere is an error of types. */
export type Strings = Widened<typeof en>;

type Widened<T> = T extends string
  ? string
  : T extends (...args: infer Args) => infer Result
    ? (...args: Args) => Widened<Result>
    : { readonly [Key in keyof T]: Widened<T[Key]> };
