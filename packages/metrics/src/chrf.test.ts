import { describe, expect, it } from 'vitest';
import { corpusChrf } from './chrf.js';

describe('corpusChrf: as sacreBLEU has it', () => {
  // From sacreBLEU's test/test_chrf.py, Apache-2.0: with β = 3, and smoothing by effective order, which is the default.
  it.each<[string[], string[], number]>([
    [['a'], ['a'], 100],
    [[''], ['reference'], 0],
    [[''], ['c'], 0],
    [['a'], ['b'], 0],
    [['abcdefg'], ['hijklmnop'], 0],
    [['a b c'], ['a b c'], 100],
    [['a b c'], ['abc'], 100],
    [['a', 'b'], ['a', 'c'], 50],
    [['aa'], ['ab'], 25],
    [['Niemand hat die Absicht, eine Mauer zu errichten'], ['Niemand hat die Absicht, eine Mauer zu errichten'], 100],
    [
      [' Die    Beziehung zwischen  Obama und Netanjahu ist nicht gerade  freundlich. '],
      ['Das Verhältnis zwischen Obama und Netanyahu ist nicht gerade freundschaftlich.'],
      64.13026983156146,
    ],
    [
      [
        ' risk assessment must be made of those who are qualified and expertise in the sector - these are the scientists .',
      ],
      [
        'risk assessment has to be undertaken by those who are qualified and expert in that area - that is the scientists .',
      ],
      63.36173030321477,
    ],
  ])('%j, %j', (outputs, references, score) => {
    const found = corpusChrf(
      outputs,
      references.map((reference) => [reference]),
      { beta: 3 },
    );
    expect(found).toBeCloseTo(score, 8);
  });

  it('chrF2 with two references: 59.73 in the README ("Using SacreBLEU from Python")', () => {
    const found = corpusChrf(
      ['The dog bit the man.', "It wasn't surprising.", 'The man had just bitten him.'],
      [
        ['The dog bit the man.', 'The dog had bit the man.'],
        ['It was not unexpected.', 'No one was surprised.'],
        ['The man bit him first.', 'The man had bitten the dog.'],
      ],
    );
    expect(found).toBeCloseTo(59.73, 2);
  });
});

it.each([
  [{ beta: Number.NaN }, 'beta is NaN'],
  [{ beta: -1 }, 'beta is -1'],
  [{ beta: Infinity }, 'beta is Infinity'],
  [{ beta: '3' as never }, 'beta is "3"'],
  [{ beta: null as never }, 'beta is null'],
])('refuses %j', (options, message) => {
  const refused = (): unknown => corpusChrf(['a'], [['a']], options);
  expect(refused).toThrow(message);
  expect(refused).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});

it('takes β = 0, precision alone', () => {
  // One of the two letters of "ab" is in "acd", and its only pair isn't: (1/2 + 0) / 2.
  expect(corpusChrf(['ab'], [['acd']], { beta: 0 })).toBeCloseTo(25, 10);
});
