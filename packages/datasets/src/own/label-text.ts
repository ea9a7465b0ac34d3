import type { LabelsSettings } from './own-data.js';
import { normalizeOwnText } from './tidy.js';
import { isSpaceless, segmentsOf } from './units.js';

type LabelTextSettings = Pick<LabelsSettings, 'normalForm' | 'mostSentences' | 'mostWords'>;

/** Default of both limits: what a hierarchical network reads in one step without a text of a book's length stopping it. */
export const MOST = 64;

// A longer run of letters is part of an encoded file.
const LONGEST_WORD = 48;

/**
 * Sentences of a text as words, none empty. A sentence ends at the end of a line, after a full stop, question or exclamation mark
 * with white space behind it, and after those of Chinese and Japanese; one of more than `mostWords` words goes on as another.
 * Words are in small letters, and signs are words; an address, a link and a number are one symbol each. In scripts without spaces,
 * words are what the platform's dictionary finds.
 *
 * @returns no sentence for a text without a letter or a number
 */
export function cutLabelText(text: string, settings: LabelTextSettings = {}): string[][] {
  const { normalForm, mostSentences = MOST, mostWords = MOST } = settings;
  const whole = normalizeOwnText(text, { normalForm });
  const sentences: string[][] = [];
  for (const sentence of whole.slice(0, MOST_CHARACTERS * mostSentences).split(BORDER)) {
    const words = wordsOf(sentence);
    if (!words.some((word) => MEANS.test(word))) continue;
    for (let start = 0; start < words.length; start += mostWords) {
      if (sentences.length === mostSentences) return sentences;
      sentences.push(words.slice(start, start + mostWords));
    }
  }
  return sentences;
}

// So many code units of a text, for each sentence that is read of it, are looked at: no more than long sentences have.
const MOST_CHARACTERS = 2000;
const BORDER = /\n+|(?<=[.!?…]["'”’)\]]?)\s+|(?<=[。！？])/u;
const MEANS = /[\p{L}\p{N}]|^<number>$/u;

function wordsOf(sentence: string): string[] {
  const plain = sentence
    .toLowerCase()
    .replaceAll(/[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*/g, ' <address> ')
    .replaceAll(/(?:https?|ftp):\/\/[^\s<>"]+|\bwww\.[^\s<>"]+/g, ' <link> ')
    .replaceAll(/\p{Nd}[\p{Nd}.,:/-]*\p{Nd}|\p{Nd}/gu, ' <number> ');
  const words = plain.match(WORD) ?? [];
  const cut = isSpaceless(plain) ? words.flatMap((word) => (isSpaceless(word) ? segmentsOf(word) : [word])) : words;
  return cut.filter((word) => word.length <= LONGEST_WORD);
}

// Symbols, words with their apostrophes, runs of one sign, and any other sign.
const WORD = /<(?:address|link|number)>|[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*|([.!?-])\1+|[^\s\p{L}\p{M}]/gu;
