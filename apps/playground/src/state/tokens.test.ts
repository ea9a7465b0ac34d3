import { expect, test } from 'vitest';
import { MOST_TOKENS, tokensOf } from './tokens.js';

test.each([
  ['the  cat sat ', ['the', 'cat', 'sat']],
  ['cat', ['c', 'a', 't']],
  ['我爱猫', ['我', '爱', '猫']],
  ['👩‍👩‍👧x', ['👩‍👩‍👧', 'x']],
  ['   ', []],
])('%j', (text, tokens) => {
  expect(tokensOf(text)).toEqual(tokens);
});

test('has an end', () => {
  expect(tokensOf('x'.repeat(400))).toHaveLength(MOST_TOKENS);
});
