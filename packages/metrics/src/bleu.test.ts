import { describe, expect, it } from 'vitest';
import { bleuTokens, type BleuTokenization } from './bleu-tokens.js';
import { corpusBleu } from './bleu.js';

/** Example of sacreBLEU's README ("Using SacreBLEU from Python") and its test/test_bleu.py, Apache-2.0. */
const OUTPUTS = ['The dog bit the man.', "It wasn't surprising.", 'The man had just bitten him.'];
const REFERENCES = [
  ['The dog bit the man.', 'The dog had bit the man.'],
  ['It was not unexpected.', 'No one was surprised.'],
  ['The man bit him first.', 'The man had bitten the dog.'],
];

describe('corpusBleu: as sacreBLEU has it', () => {
  it('the example of its README with two references: 48.53 82.4/50.0/45.5/37.5 (BP = 0.943, 17 and 18 words)', () => {
    const { score, precisions, brevityPenalty, outputLength, referenceLength } = corpusBleu(OUTPUTS, REFERENCES);
    expect(score).toBeCloseTo(48.530827, 6);
    expect(precisions.map((precision) => precision.toFixed(1))).toEqual(['82.4', '50.0', '45.5', '37.5']);
    expect(brevityPenalty).toBeCloseTo(0.943, 3);
    expect([outputLength, referenceLength]).toEqual([17, 18]);
  });

  it('the same with one reference of the first: 29.44 82.4/42.9/27.3/12.5 (BP = 0.889, 17 and 19 words)', () => {
    const found = corpusBleu(OUTPUTS, [['The dog had bit the man.'], ...REFERENCES.slice(1)]);
    expect(found.score).toBeCloseTo(29.44, 2);
    expect(found.precisions.map((precision) => precision.toFixed(1))).toEqual(['82.4', '42.9', '27.3', '12.5']);
    expect(found.brevityPenalty).toBeCloseTo(0.889, 3);
    expect([found.outputLength, found.referenceLength]).toEqual([17, 19]);
  });

  it('exponential smoothing: 8.493 in test/test_sentence_bleu.py', () => {
    const { score } = corpusBleu(
      ['Producția de zahăr primă va fi exprimată în ceea ce privește zahărul alb;'],
      [['producţia de zahăr brut se exprimă în zahăr alb;']],
    );
    expect(score).toBeCloseTo(8.493, 3);
  });

  it('0 for empty outputs and for those without a right word', () => {
    expect(corpusBleu(['', '', ''], REFERENCES).score).toBe(0);
    expect(corpusBleu(['this is a cat'], [['okay thanks']]).score).toBe(0);
  });
});

describe('corpusBleu: Chinese', () => {
  it('compares characters', () => {
    // One of five characters is wrong: 4 of 5, 2 of 4 pairs, 1 of 3 triples, and 0 of 2 quadruples, smoothed to 1/(2·2).
    const { score, precisions } = corpusBleu(['打开文档夹'], [['打开文件夹']], { tokenization: 'zh' });
    expect(precisions).toEqual([80, 50, 100 / 3, 25]);
    expect(score).toBeCloseTo(100 * (0.8 * 0.5 * (1 / 3) * 0.25) ** 0.25, 10);
    expect(corpusBleu(['打开文档夹'], [['打开文件夹']]).score).toBe(0);
  });
});

describe('corpusBleu: by each tokenization', () => {
  // Computed by sacreBLEU 2.6.0: BLEU(tokenize=…).corpus_score(outputs, [references]).
  const outputs = [
    'Öffnen Sie die Datei „a.txt“ (1,024 KB)…',
    'L’éditeur coûte 3,50€ – soit 10%!',
    '打开 VS Code 文件“{0}”。',
    '2024. április 3., szerda.',
    'abcd efgh',
    'x²+y²=z² ½ 1.5-2.0 &amp; <b>',
  ];
  const references = [
    'Öffnen Sie „a.txt“ (1.024 KB) …',
    "L'éditeur coûte 3,50 € – soit 10 % !",
    '打开 VS Code 的文件“{0}”。',
    '2024. április 3., szerda',
    'abcd efgx',
    'x²+y² = z² 1/2 1.5–2.0 & <b>',
  ].map((reference) => [reference]);

  it.each<[BleuTokenization, number, number[]]>([
    ['none', 14.462867506615243, [28, 32]],
    ['13a', 52.331198075640145, [51, 49]],
    ['intl', 59.70037175223181, [57, 52]],
    ['char', 76.7395230774293, [132, 122]],
    ['zh', 60.74979941863522, [62, 58]],
  ])('%s: %d', (tokenization, score, lengths) => {
    const found = corpusBleu(outputs, references, { tokenization });
    expect(found.score).toBeCloseTo(score, 10);
    expect([found.outputLength, found.referenceLength]).toEqual(lengths);
  });

  it("'abcd efgh' against 'abcd efgx' is 84.09 by characters, and nothing by words", () => {
    const by = (tokenization: BleuTokenization): number =>
      corpusBleu(['abcd efgh'], [['abcd efgx']], { tokenization }).score;
    expect(by('char')).toBeCloseTo(84.08964152537145, 10);
    expect([by('none'), by('13a'), by('intl'), by('zh')]).toEqual([0, 0, 0, 0]);
  });
});

describe('bleuTokens', () => {
  it('intl: punctuation apart unless between numbers, and symbols', () => {
    expect(bleuTokens('L’éditeur coûte 3,50€ – soit 10%! ', 'intl')).toEqual(
      'L ’ éditeur coûte 3,50 € – soit 10 % !'.split(' '),
    );
    // As in mteval-v14, a full stop at the end stays with the number before it.
    expect(bleuTokens('x²+y²=z² ½ 1.5-2.0 &amp; 2024.', 'intl')).toEqual(
      'x² + y² = z² ½ 1.5-2.0 & amp ; 2024.'.split(' '),
    );
  });

  it('none and char: as written, and code points', () => {
    expect(bleuTokens(' 10%!  a b ', 'none')).toEqual(['10%!', 'a', 'b']);
    expect(bleuTokens(' 10 😀! ', 'char')).toEqual(['1', '0', '😀', '!']);
  });

  it('13a: signs apart, but not between digits', () => {
    expect(bleuTokens('Line 1,024 at 3.5 (of "{0}")...', '13a')).toEqual(
      'Line 1,024 at 3.5 ( of " { 0 } " ) . . .'.split(' '),
    );
    expect(bleuTokens("l&apos;éditeur de 2-3 &amp; d'autres", '13a')).toEqual(
      "l & apos ; éditeur de 2 - 3 & d'autres".split(' '),
    );
  });

  it('words end where they end in Python', () => {
    expect(bleuTokens('a\u0085b\u001cc\u00a0d\u3000e', '13a')).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(bleuTokens('a\ufeffb\ufeff', '13a')).toEqual(['a\ufeffb\ufeff']);
  });

  it('zh: characters and their signs apart, other words whole', () => {
    expect(bleuTokens('打开 VS Code 文件“{0}”。', 'zh')).toEqual('打 开 VS Code 文 件 “ { 0 } ” 。'.split(' '));
  });
});

it.each<[string, string[][], object, string]>([
  ['fewer references than outputs', [], {}, '2 outputs'],
  ['an output without a reference', [['a'], []], {}, 'references for 1'],
  ['a tokenization of another library', [['a'], ['b']], { tokenization: 'moses' }, '"moses"'],
  ['a tokenization that sacreBLEU has and this has not', [['a'], ['b']], { tokenization: 'ja-mecab' }, '"ja-mecab"'],
  ['a name that every object has', [['a'], ['b']], { tokenization: 'toString' }, '"toString"'],
  ['no tokenization', [['a'], ['b']], { tokenization: null }, 'null'],
])('refuses %s', (_, references, options, message) => {
  const refused = (): unknown => corpusBleu(['a', 'b'], references, options);
  expect(refused).toThrow(message);
  expect(refused).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});

it('refuses an option by sacreBLEU’s name', () => {
  expect(() => corpusBleu(['a'], [['a']], { tokenize: 'char' } as never)).toThrow(
    expect.objectContaining({ code: 'UNKNOWN_OPTION', message: expect.stringContaining("'tokenize'") }),
  );
});
