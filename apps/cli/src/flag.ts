import type { Catalog } from './catalog.js';

/** A part of the help: as it stands, or made of the names that there are to choose among. */
export type Told<Part> = Part | ((catalog: Catalog) => Part);

/** The part, made. */
export const toldOf = <Part extends string | readonly string[]>(part: Told<Part>, catalog: Catalog): Part =>
  typeof part === 'function' ? part(catalog) : part;

/** A flag of a command, as data: what the help says of it, and how its text becomes a value. */
export interface Flag<Value = unknown, Always extends boolean = boolean> {
  /** What follows it, as the help has it: '<number>', or '<path...>' for several; '' for a switch. */
  readonly value: string;
  readonly about: Told<string>;
  /** Whether a handler finds a value for it in any case. */
  readonly always: Always;
  /** Makes a value of what was typed: by default the text itself, and of a switch true. */
  readonly parse?: (text: string, catalog: Catalog) => Value;
  /** The value when nobody gives one, which the help tells. */
  readonly fallback?: Value;
  /** All that it may be, which the help tells. */
  readonly choices?: Told<readonly string[]>;
  /** A variable of the environment that gives it, too. */
  readonly env?: string;
  /** Taken, but left out of the help. */
  readonly isHidden?: true;
  /** Name of another flag, without which this one means nothing. */
  readonly needs?: string;
  /** It is typed as '--no-maps', and its value is true without it. */
  readonly isNegated?: true;
}

/** The flags of a command by the names that its handler has for them: 'batchSize' is typed as '--batch-size'. */
export type FlagTable = Readonly<Record<string, Flag>>;

/** What a handler is given of a table. */
export type FlagsOf<Table extends FlagTable> = {
  readonly [Name in keyof Table as Table[Name] extends Flag<unknown, true> ? Name : never]: ValueOf<Table[Name]>;
} & {
  readonly [Name in keyof Table as Table[Name] extends Flag<unknown, true> ? never : Name]?: ValueOf<Table[Name]>;
};

type ValueOf<One> = One extends Flag<infer Value> ? Value : never;

/** A flag with a text after it, as it is typed, or with several: flag('<path...>', 'read inputs from files'). */
export function flag<const Text extends string>(
  value: Text,
  about: Told<string>,
): Flag<Text extends `${string}...>` ? readonly string[] : string, false>;
/** A flag whose text is parsed. */
export function flag<Value>(
  value: string,
  about: Told<string>,
  parse: (text: string, catalog: Catalog) => Value,
): Flag<Value, false>;
/** A flag whose text is parsed, with the value that it has when nobody gives one. */
export function flag<Value>(
  value: string,
  about: Told<string>,
  parse: (text: string, catalog: Catalog) => Value,
  fallback: Value,
): Flag<Value, true>;
export function flag<Value>(
  value: string,
  about: Told<string>,
  parse?: (text: string, catalog: Catalog) => Value,
  fallback?: Value,
): Flag<Value> {
  return { value, about, always: fallback !== undefined, parse, fallback };
}

/** A flag with nothing after it. */
export const toggle = (about: string): Flag<boolean, false> => ({ value: '', about, always: false });

/** A flag that turns off what is on without it: `maps: turnsOff('…')` is '--no-maps'. */
export const turnsOff = (about: string): Flag<boolean, true> => ({ value: '', about, always: true, isNegated: true });

/** A flag with one of a few names. */
export const oneOf = <const Name extends string>(
  value: string,
  about: string,
  choices: readonly Name[],
  fallback: Name,
): Flag<Name, true> => ({ value, about, always: true, choices, fallback });

/** A flag that is refused where another one isn't given. */
export const needing = <One extends Flag>(needs: string, one: One): One => ({ ...one, needs });

/** A flag that changes nothing where it is hidden, checked all the same, so that a script can give every command the same flags. */
export const unused = <One extends Flag>(one: One): One => ({ ...one, isHidden: true });
