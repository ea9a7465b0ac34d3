import { describe, expect, it } from 'vitest';
import { learnPieces } from './learn-pieces.js';
import { joinPieces, Segmenter, UNKNOWN } from './pieces.js';

describe('learnPieces', () => {
  it('merges what occurs most, as the example of Sennrich et al. 2016 (algorithm 1) does', () => {
    const words = { low: 5, lower: 2, newest: 6, widest: 3 };
    const texts = Object.entries(words).flatMap(([word, count]) => Array.from({ length: count }, () => word));
    // The paper has its mark at the end of words: 'es', 'est', 'est</w>', 'lo', 'low'.
    expect(learnPieces(texts, 5)).toEqual([...'deilnorstw', '▁'].concat(['es', 'est', '▁l', 'ow', '▁low']));
  });

  it('leaves characters out that occur once, and stops when nothing occurs twice', () => {
    expect(learnPieces(['aa', 'aa x'], 100)).toEqual(['a', '▁', '▁a', '▁aa']);
  });

  it('keeps placeholders whole, and merges no further than words', () => {
    const pieces = learnPieces(['Open {0} now: 10 打开', 'Open {0} now: 10 打开', 'open {12}'], 100);
    expect(pieces.slice(0, 2)).toEqual(['{0}', '{12}']);
    expect(new Segmenter(pieces).segment('Open {0} now: 10 打开')).toEqual([
      '⇧▁open',
      '▁',
      '{0}',
      '▁now',
      ':',
      '▁1',
      '0',
      '▁打开',
    ]);
  });
});

describe('Segmenter', () => {
  it('takes the order of merges from the order of the list', () => {
    const characters = ['a', 'b', 'c', '▁'];
    expect(new Segmenter([...characters, 'ab', 'bc', '▁a']).segment('abc')).toEqual(['▁', 'ab', 'c']);
    expect(new Segmenter([...characters, 'bc', 'ab', '▁a']).segment('abc')).toEqual(['▁a', 'bc']);
  });

  it('merges the sign of a capital with nothing but a whole word', () => {
    const segmenter = new Segmenter(['⇧', '▁', 'o', 'n', '▁o', '▁on', '⇧▁on', '⇧▁']);
    expect(segmenter.segment('On on ON Ono')).toEqual(['⇧▁on', '▁on', '▁', 'O', 'N', '⇧', '▁on', 'o']);
  });

  it('keeps characters that it does not know, and names them for a model', () => {
    const segmenter = new Segmenter(['▁', 'a', '▁a']);
    const pieces = segmenter.segment('añ€');
    expect(pieces).toEqual(['▁a', 'ñ', '€']);
    expect(segmenter.symbols(pieces)).toEqual(['▁a', UNKNOWN, UNKNOWN]);
  });

  it.each([
    'Open File...',
    "L'éditeur n'a pas pu être ouvert : {0} (erreur {1})",
    'GitHub JSON URL IntelliSense A Ä ÄÖ Straße',
    'Größe (Übersicht) „{0}“ – 1.000,5 %',
    '打开 VS Code 文件“{0}”。',
    '{0}-{1} `code` #x# [y]({2})',
    'é́ 😀 ǅ',
  ])('joins to the same text: %s', (text) => {
    expect(joinPieces(new Segmenter([]).segment(text))).toBe(text);
  });
});
