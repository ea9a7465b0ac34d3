import { Tokenizer } from '@tensorflow-models/universal-sentence-encoder/dist/tokenizer/index.js';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { SENTENCES } from '../test/sentences.js';
import { readSentenceEncoder } from './files.js';
import { tokenize } from './tokenizer.js';
import { parseVocabulary, type Vocabulary } from './vocabulary.js';

let original: Tokenizer;
let vocabulary: Vocabulary;
beforeAll(async () => {
  const { vocabulary: bytes } = await readSentenceEncoder();
  original = new Tokenizer(JSON.parse(new TextDecoder().decode(bytes)) as [string, number][]);
  vocabulary = parseVocabulary(bytes);
});

const ids = (text: string): number[] => [...tokenize(text, vocabulary).ids];

describe('gives the ids of the original tokenizer for', () => {
  it('sentences', () => {
    for (const sentence of SENTENCES) expect(ids(sentence), sentence).toEqual(original.encode(sentence));
  });

  it.each([
    ['pieces that lost their score', ':', '::', ':)', ' :-) ', 'a:b', 'http://', '):', ':('],
    ['pieces with a wrong score', '10:30', ':30', ':00', '9:00:30', '”5', 'the ”5 of ”5'],
    ['reserved pieces, which are text like any other', '<s>', '</s>', 'extra_token_id_1', '�', '▁'],
    ['names that every object has', 'constructor', '__proto__', 'hasOwnProperty'],
    ['a lone surrogate', '\ud83d', 'a\udc00b'],
  ])('%s', (_, ...texts) => {
    for (const text of texts) expect(ids(text), text).toEqual(original.encode(text));
  });

  it('any text', () => {
    const parts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(' ', '  ', 'the', 'ing', ':', ':30', '://', '”5', 'ß', '中文', '🙂', 'ﬀ', 'Ⅷ', '\n'),
      fc.constantFrom(...vocabulary.pieces),
    );
    const texts = fc.array(parts, { minLength: 1, maxLength: 12 }).map((list) => list.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(text.trim() !== '');
        expect(ids(text)).toEqual(original.encode(text));
      }),
      { numRuns: 300 },
    );
  });
});

it('pieces give the text back', () => {
  const { pieces } = tokenize('Strange words: glorptastic 日本語!', vocabulary);
  expect(pieces.join('').replaceAll('▁', ' ')).toBe(' Strange words: glorptastic 日本語!');
  expect(pieces).toContain('日本語'); // one unknown piece
});

it('a long text has all its pieces', () => {
  const text = 'word '.repeat(5000).trim();
  expect(tokenize(text, vocabulary).ids).toHaveLength(5000);
});
