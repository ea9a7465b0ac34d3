import { expect, test } from 'vitest';
import { MOST_TOKENS, tokensOf, type Cut } from './tokens.js';

test.each<[string, Cut, string[]]>([
  ['the  cat sat ', 'auto', ['the', 'cat', 'sat']],
  ['cat', 'auto', ['c', 'a', 't']],
  ['cat', 'words', ['cat']],
  ['a cat', 'letters', ['a', 'c', 'a', 't']],
  ['我爱猫', 'auto', ['我', '爱', '猫']],
  ['👩‍👩‍👧x', 'auto', ['👩‍👩‍👧', 'x']],
  ['   ', 'auto', []],
  ['   ', 'words', []],
])('%j by %s', (text, cut, tokens) => {
  expect(tokensOf(text, cut)).toEqual({ tokens, left: 0 });
});

test('has an end, and says how much lies behind it', () => {
  expect(tokensOf('x'.repeat(MOST_TOKENS), 'auto')).toMatchObject({ left: 0 });
  const { tokens, left } = tokensOf('x'.repeat(400), 'auto');
  expect(tokens).toHaveLength(MOST_TOKENS);
  expect(left).toBe(400 - MOST_TOKENS);
});
