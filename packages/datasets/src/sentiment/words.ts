/** The words of a text in lower case: letters, with apostrophes inside. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z]+(?:'[a-z]+)*/g) ?? [];

// 'abundantly' and 'abundant' begin alike; at least four letters, so that 'able' doesn't name 'abide'.
const LEAST_STEM = 4;
const STEM_SHARE = 0.6;

/**
 * Whether one of the words is the term, a part of it ('clear' of 'clear-cut'), or begins like that: its inflections and
 * derivations, and a few strangers, which are then left out in vain.
 */
export function namesTerm(term: string, words: readonly string[]): boolean {
  return term.split(/[^a-z']+/).some((part) => {
    if (part.length < LEAST_STEM) return part.length > 2 && words.includes(part);
    const stem = part.slice(0, Math.max(LEAST_STEM, Math.ceil(part.length * STEM_SHARE)));
    return words.some((word) => word.startsWith(stem));
  });
}
