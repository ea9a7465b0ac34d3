import { describe, expect, it } from 'vitest';
import { corpusCider } from './cider.js';

/** Values of coco-caption's cider_scorer.py at commit 274cef6 (brought to Python 3, with later versions' 0 where a caption has no sequence of a length). */
describe('corpusCider: as its authors published it', () => {
  const outputs = [
    'a man riding a wave on a surfboard',
    'two dogs run on grass',
    'a red bus on the street the street',
    'cat',
  ];
  const references = [
    ['a man surfing on a wave', 'a man rides a surfboard on a large wave in the ocean'],
    ['two dogs are running on green grass', 'dogs run on the grass', 'two brown dogs play'],
    ['a red bus drives on the street'],
    ['cat', 'a cat'],
  ];

  it('of a corpus with several references', () => {
    expect(corpusCider(outputs, references)).toBeCloseTo(2.7094924916225205, 10);
  });

  it.each<[string, string[], string[][], number]>([
    ['a single word that is right', ['', 'x'], [['a b'], ['x']], 1.25],
    ['right outputs', ['a b c d', 'e f g h'], [['a b c d'], ['e f g h']], 10],
    ['what every caption has', ['a b c d', 'e f g h'], [['a b c d'], ['a b c d', 'e f g h i']], 2.0242245977991744],
    ['a corpus of one caption, where nothing is rare', ['a b'], [['a b']], 0],
  ])('of %s', (_, given, right, score) => {
    expect(corpusCider(given, right)).toBeCloseTo(score, 10);
  });
});

it('doesn’t count a word more often than a reference has it', () => {
  const references = [['red bus'], ['cat']];
  expect(corpusCider(['bus bus', 'cat'], references)).toBeLessThan(corpusCider(['bus red', 'cat'], references));
});

it('refuses outputs without references', () => {
  expect(() => corpusCider(['a'], [[]])).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  expect(() => corpusCider(['a'], [])).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});
