import { HeedError } from '@heed/core';
import { pad, type PaddedIds } from '@heed/nn';

/** A text: its words, by sentences. */
export interface Text {
  /** Sentences, at least one, none empty. */
  readonly sentences: readonly (readonly string[])[];
}

/** Texts as numbers. */
export interface NumberedTexts {
  /** Words that occur, once each. */
  readonly words: readonly string[];
  /** Numbers of words: of each sentence of each text in a row, or of each whole text. */
  readonly sequences: PaddedIds;
  /** Numbers of sequences, of each text. */
  readonly texts: PaddedIds;
  /** Number of words of each sentence of each text. */
  readonly sizes: readonly (readonly number[])[];
}

/** @throws HeedError INVALID_ARGUMENT for no texts, or one that has no sentence, or an empty one */
export function numberWords(call: string, texts: readonly Text[], hierarchical: boolean): NumberedTexts {
  if (texts.length === 0) throw new HeedError('INVALID_ARGUMENT', { message: `${call}: there are no texts` });
  const numbers = new Map<string, number>();
  const numberOf = (word: string): number => {
    const number = numbers.get(word) ?? numbers.size;
    numbers.set(word, number);
    return number;
  };
  const sequences: number[][] = [];
  const wholes = texts.map(({ sentences }, n) => {
    if (sentences.length === 0 || sentences.some(({ length }) => length === 0)) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `${call}: text ${n} of ${texts.length} ${sentences.length === 0 ? 'is empty' : 'has an empty sentence'}`,
        hint: 'a text has at least one sentence, and a sentence at least one word',
      });
    }
    const parts = hierarchical ? sentences : [sentences.flat()];
    return parts.map((part) => sequences.push(part.map(numberOf)) - 1);
  });
  return {
    words: [...numbers.keys()],
    sequences: pad(sequences),
    texts: pad(wholes),
    sizes: texts.map(({ sentences }) => sentences.map(({ length }) => length)),
  };
}
