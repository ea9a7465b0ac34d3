import { NumberedComponents } from '../numbered-components.js';
import { LEVELS, likenessOf, wordsToCompare, type Level } from './likeness.js';
import { joinAlike } from './min-hash.js';

/** Texts that have to be in one part, by number. */
export interface Groups {
  readonly size: number;
  readonly components: NumberedComponents;
  /** What of a text counts in its key. */
  readonly level: Level;
  /** Key of a text, equal for those that count as the same. */
  keyOf(n: number): string;
}

/** What texts are grouped by. */
export interface GroupSettings {
  readonly size: number;
  /** Key of a text at a level. */
  keyOf(n: number, level: Level): string;
  /** Words to compare a text by. */
  wordsOf(n: number): readonly string[];
  /** Number of different texts. */
  readonly distinct: number;
  /** For each text, the number of what it shares with other texts, such as an author. */
  readonly others?: readonly number[];
}

/** Groups of short texts: those that differ in case, punctuation, digits and spaces alone are one. */
export const groupsOfTexts = (texts: readonly string[], others?: readonly number[]): Groups =>
  groupsOf({
    size: texts.length,
    keyOf: (n, level) => likenessOf(texts[n], level),
    wordsOf: (n) => wordsToCompare(texts[n]),
    distinct: new Set(texts).size,
    ...(others && { others }),
  });

/**
 * Groups of texts that have the same key, that are nearly the same, or that have the same number in `others`.
 *
 * Digits or signs can be all that tells the texts of some data apart, as in dates. So where folding them would leave fewer than
 * half as many keys as there are different texts, they count.
 */
export function groupsOf({ size, keyOf, wordsOf, distinct, others }: GroupSettings): Groups {
  const components = new NumberedComponents(size);
  const { level, firsts } = levelOf(size, distinct, keyOf);
  firsts.forEach((first, n) => components.join(first, n));
  joinAlike(size, wordsOf, components);
  if (others !== undefined) joinEqual(others, components);
  return { size, components, level, keyOf: (n) => keyOf(n, level) };
}

/** The level that counts, and for each text the first one with its key. */
function levelOf(
  size: number,
  distinct: number,
  keyOf: GroupSettings['keyOf'],
): { readonly level: Level; readonly firsts: Int32Array } {
  const atLevel = (level: Level): { readonly level: Level; readonly firsts: Int32Array; readonly keys: number } => {
    const firsts = new Int32Array(size);
    const numbers = new Map<string, number>();
    for (let n = 0; n < size; n++) {
      const key = keyOf(n, level);
      firsts[n] = numbers.get(key) ?? n;
      if (firsts[n] === n) numbers.set(key, n);
    }
    return { level, firsts, keys: numbers.size };
  };
  const [least, ...more] = LEVELS;
  return more.reduce((found, level) => (2 * found.keys >= distinct ? found : atLevel(level)), atLevel(least));
}

function joinEqual(numbers: readonly number[], components: NumberedComponents): void {
  const firsts = new Map<number, number>();
  numbers.forEach((number, n) => {
    const first = firsts.get(number);
    if (first === undefined) firsts.set(number, n);
    else components.join(first, n);
  });
}
