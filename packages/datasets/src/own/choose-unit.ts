import { evenly } from './evenly.js';
import { cutInto } from './units.js';
import type { Unit } from './own-data.js';

/** A unit, and the sentence that says why it is taken. */
export interface ChosenUnit {
  readonly unit: Unit;
  readonly reason: string;
}

/**
 * Unit that suits the texts of one side of a training part, by what a sample of them looks like:
 *
 * 1. words, where most texts have spaces and few different words occur again and again, as phonemes or commands do;
 * 2. characters, where nearly all texts are short, as words, names and dates are;
 * 3. pieces, for all others.
 */
export function chooseUnit(side: string, texts: readonly string[]): ChosenUnit {
  const sample = evenly(texts, SAMPLE);
  const words = new Set<string>();
  let count = 0;
  let spaced = 0;
  for (const text of sample) {
    const cut = cutInto('words', text);
    count += cut.length;
    if (text.includes(' ')) spaced++;
    for (const word of cut) words.add(word);
  }
  if (2 * spaced >= sample.length && words.size <= FEW_WORDS && count >= OFTEN * words.size) {
    return {
      unit: 'words',
      reason: `${side} are cut into words: ${words.size} different ones make up ${count.toLocaleString('en')}.`,
    };
  }
  const lengths = sample.map((text) => cutInto('characters', text).length).toSorted((a, b) => a - b);
  const most = lengths[Math.floor(0.95 * (lengths.length - 1))];
  return most <= SHORT
    ? { unit: 'characters', reason: `${side} are cut into characters: 95 % of them have at most ${most}.` }
    : {
        unit: 'pieces',
        reason: `${side} are cut into pieces that are learnt from the training part: 5 % of them have more than ${SHORT} characters.`,
      };
}

// Texts that are looked at: more would hardly change the picture.
const SAMPLE = 20_000;
// A softmax over a thousand words is as quick as one over characters …
const FEW_WORDS = 1000;
// … and each word is then seen often enough.
const OFTEN = 20;
// A recurrent network reads so many characters without losing much; a longer text in pieces is a quarter as long.
const SHORT = 32;
