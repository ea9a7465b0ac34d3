import { expect, it } from 'vitest';
import { captionSymbols, joinCaption } from './symbols.js';

it.each([
  [
    'en',
    'woman health worker: medium-dark skin tone',
    ['woman', 'health', 'worker', '￭:', 'medium-dark', 'skin', 'tone'],
  ],
  ['de', 'Fußgänger(in): nach rechts', ['Fußgänger', '￭(', '￭in', '￭)', '￭:', 'nach', 'rechts']],
  ['fr', 'drapeau : île de l’Ascension', ['drapeau', ':', 'île', 'de', 'l’', '￭Ascension']],
  ['zh', '女医生: 中等肤色', ['女', '医', '生', ':', ' ', '中', '等', '肤', '色']],
] as const)('a caption in %s is cut, and joined again', (language, text, symbols) => {
  expect(captionSymbols(text, language)).toEqual(symbols);
  expect(joinCaption(symbols, language)).toBe(text);
});
