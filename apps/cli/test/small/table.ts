/** Words and the same backwards, which take no time to read. */
const WORDS = Array.from({ length: 120 }, (_, n) => [n % 7, n % 11, n % 13, n % 5].map((k) => 'abcdefghijklm'[k]));

/** A file of pairs. */
export const TABLE = WORDS.map((word) => `${word.join('')}\t${word.toReversed().join('')}`).join('\n');
