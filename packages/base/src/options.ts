import { closestMatch } from 'leven';
import { HeedError } from './errors.js';

/** Names that an options object may have. Tied to its type: the compiler refuses a missing name and an unknown one. */
export type OptionNames<Options> = { readonly [Name in keyof Options]-?: true };

/**
 * Refuses a value that isn't an options object, an option that isn't among `names`, and an option that is null, since null
 * might mean "none" or "the default". An option that is undefined counts as not given.
 *
 * @param what start of the message: the function's name, and the path to the options when they are nested in another argument
 * @throws HeedError UNKNOWN_OPTION with the nearest name, INVALID_ARGUMENT
 */
export function checkOptions<Options extends object>(
  what: string,
  options: Options,
  names: OptionNames<Options> & Readonly<Record<string, unknown>>,
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options) || 'dataId' in options) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what}: the options are ${show(options)}`,
      hint: `an object is wanted; ${allOf(Object.keys(names), 'the options are')}`,
    });
  }
  for (const name in options) {
    if (names[name] !== true) throw unknownOption(what, name, Object.keys(names));
    if (options[name] === null) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `${what}: ${name} is null`,
        hint: `leave ${name} out, or give it undefined, for its default`,
        details: { option: name },
      });
    }
  }
}

/** The error for an option that isn't one of `names`. */
function unknownOption(what: string, name: string, names: readonly string[]): HeedError {
  return new HeedError('UNKNOWN_OPTION', {
    message: `${what}: there is no option '${name}'`,
    hint: suggestion(name, names, 'the options are'),
    details: { option: name, options: names, nearest: nearestName(name, names) },
  });
}

/** The value of a boolean option: refuses anything but true, false and undefined, which counts as false. */
export function checkFlag(what: string, value: unknown): boolean {
  if (value === undefined) return false;
  if (typeof value !== 'boolean') {
    throw new HeedError('INVALID_ARGUMENT', { message: `${what} is ${show(value)}`, hint: 'true or false' });
  }
  return value;
}

/** Hint for an unknown name: the nearest known name, if one is near, and the list of all known names. */
export function suggestion(given: string, names: readonly string[], allAre: string): string {
  const nearest = nearestName(given, names);
  const all = allOf(names, allAre);
  return nearest === undefined ? all : `did you mean '${nearest}'? ${all}`;
}

/**
 * The name that was most likely meant: one that differs in writing alone ('soft_cap') or by a slip in a word ('casual'), one
 * that is part of what was given or that it is part of ('isCausal', 'length'), or one that is a few slips away.
 */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  const sought = letters(given);
  const longest = names.toSorted((a, b) => b.length - a.length);
  const within = (slips: number): string | undefined => closestMatch(given, names, { maxDistance: slips });
  return (
    names.find((name) => letters(name) === sought) ??
    within(Math.floor(sought.length / LETTERS_A_SLIP)) ??
    longest.find((name) => isPart(letters(name), sought)) ??
    names.find((name) => isPart(sought, letters(name))) ??
    within(Math.ceil(sought.length / 3))
  );
}

// With one slip in so many letters, the rest is too much for a coincidence.
const LETTERS_A_SLIP = 6;

/** A value in a few words, for messages. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`;
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function ${value.name}`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if ('dataId' in value) return `a tensor [${String((value as { shape?: unknown }).shape)}]`;
  return 'an object';
}

const allOf = (names: readonly string[], allAre: string): string =>
  names.length === 0 ? 'there are none' : `${allAre} ${names.join(', ')}`;

const letters = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

// A shorter part occurs in nearly every name by chance.
const SHORTEST_PART = 3;

const isPart = (part: string, whole: string): boolean => part.length >= SHORTEST_PART && whole.includes(part);
