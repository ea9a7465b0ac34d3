import { joinPieces, parseTranslate, Segmenter, tagOf, type TranslateInput } from '@heed/datasets';
import { sequences, type ReadSource, type SequenceReading } from '../reading.js';
import { fillIn } from '../unknown.js';
import { allowedPieces } from './language-pieces.js';

/** The pieces of a text in a vocabulary, after the tag of the language that is wanted. */
export function cutTranslate({ language, english }: TranslateInput, vocabulary: readonly string[]): ReadSource {
  const segmenter = segmenterOf(vocabulary);
  const units = [tagOf(language), ...segmenter.segment(english)];
  return { units, symbols: segmenter.symbols(units) };
}

const segmenters = new WeakMap<readonly string[], Segmenter>();

function segmenterOf(vocabulary: readonly string[]): Segmenter {
  const known = segmenters.get(vocabulary);
  if (known !== undefined) return known;
  const made = new Segmenter(vocabulary);
  segmenters.set(vocabulary, made);
  return made;
}

export const reading: SequenceReading = {
  ...sequences,
  read(text, { symbols, outputs = {} }) {
    const input = parseTranslate(text);
    const source = cutTranslate(input, symbols);
    const own = outputs[input.language];
    return { ...source, allowed: own && allowedPieces(own, source.symbols) };
  },
  write: (written, { units, symbols }) => joinPieces(fillIn(written, units, symbols)),
};
