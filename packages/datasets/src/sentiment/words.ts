/** Words of a text in lower case: letters, with apostrophes inside. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z]+(?:'[a-z]+)*/g) ?? [];

// 'abundantly' and 'abundant' have the same start; four letters at least, so that 'able' and 'abide' don't count as the same.
const LEAST_STEM = 4;
const STEM_SHARE = 0.6;

/**
 * Whether one of the words names the term: it is the term or a part of it ('clear' of 'clear-cut'), or starts like one of them,
 * as inflections and derivations do. A few unrelated words start like it too and are then left out for nothing.
 */
export function namesTerm(term: string, words: readonly string[]): boolean {
  return term.split(/[^a-z']+/).some((part) => {
    if (part.length < LEAST_STEM) return part.length > 2 && words.includes(part);
    const stem = part.slice(0, Math.max(LEAST_STEM, Math.ceil(part.length * STEM_SHARE)));
    return words.some((word) => word.startsWith(stem));
  });
}
