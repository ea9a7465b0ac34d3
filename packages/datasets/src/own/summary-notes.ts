import type { DatasetSummary } from '../dataset.js';
import type { Level } from './likeness.js';
import type { NormalForm } from './own-data.js';

/** What a summary says of the licence of data that somebody brought. */
export const OWN_LICENCE = "not known: the data aren't Heed's";

// A longer list is no longer read.
const SHORT = 200;

/** An alphabet under its name, where it is a short list. */
export const shortAlphabet = (name: string, symbols: readonly string[]): DatasetSummary['alphabets'] =>
  symbols.length <= SHORT ? { [name]: symbols } : {};

/** Notes that summaries of all kinds of somebody's own data have. */
export const commonNotes = (normalForm: NormalForm): string[] => [
  normalForm === 'none'
    ? 'Characters are as in the files, in no Unicode normal form.'
    : `Texts are in Unicode's form ${normalForm}.`,
];

const FOLDED: Readonly<Record<Level, string>> = {
  letters: 'case, punctuation, digits and spaces',
  'letters and digits': 'case, punctuation and spaces (digits tell too many of them apart)',
  all: 'case and spaces (digits and signs tell too many of them apart)',
};

/** Note on what keeps texts in one part. */
export const groupNote = (texts: string, level: Level, group: string | undefined): string =>
  `${texts} that differ only in ${FOLDED[level]}, or, from eight words, that are nearly the same (MinHash over four words in a row)${group === undefined ? '' : `, or have the same value in column '${group}'`} are one group. A hash of the group and the seed decides the part; a group of more than a tenth of all is for training.`;
