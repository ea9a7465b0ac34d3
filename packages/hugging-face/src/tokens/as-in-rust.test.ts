import { expect, test } from 'vitest';
import type { Json } from '../files/pretrained-files.js';
import { Tokenizer } from './tokenizer.js';

const WORDS = ['[UNK]', 'naïve', 'σασ', 'ab', '$5', 'x', '+', 'y', 'क्षि', '٣', '—', 'no'];

/** A tokenizer of whole words, by its parts. */
const ofWords = (parts: Json): Tokenizer =>
  new Tokenizer({
    version: '1.0',
    added_tokens: [],
    normalizer: null,
    post_processor: null,
    decoder: null,
    ...parts,
    model: { type: 'WordLevel', vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])), unk_token: '[UNK]' },
  });

// What tokenizers 0.23.2 of Rust gives.
test.each([
  ['Whitespace', { type: 'Whitespace' }, 'naïve x+y $5', ['naïve', 'x', '+', 'y', '[UNK]', '[UNK]']],
  ['Whitespace', { type: 'Whitespace' }, 'क्षि ٣ no—no', ['क्षि', '٣', 'no', '—', 'no']],
  ['Whitespace', { type: 'Whitespace' }, 'a\u200db ab', ['[UNK]', 'ab']],
  [
    'Punctuation',
    { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'Punctuation', behavior: 'Isolated' }] },
    'x+y $5 no—no',
    ['x', '+', 'y', '[UNK]', '[UNK]', 'no', '—', 'no'],
  ],
])('%s parts %#', (_, pre_tokenizer, text, tokens) => {
  expect(ofWords({ pre_tokenizer }).encode(text).tokens).toEqual(tokens);
});

test('characters are made small one by one', () => {
  const lowered = ofWords({ normalizer: { type: 'Lowercase' }, pre_tokenizer: { type: 'Whitespace' } });
  expect(lowered.encode('ΣΑΣ AB').tokens).toEqual(['σασ', 'ab']);
});
