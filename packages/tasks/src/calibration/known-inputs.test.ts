import { describe, expect, it } from 'vitest';
import { characterModel, countBigrams } from './bigrams.js';
import { describeInputs, unlikeness } from './known-inputs.js';

/** Texts of words of a small language, many of them different. */
const texts = (count: number): string[] => {
  const syllables = ['ka', 'lo', 'mi', 'te', 'su', 'ra', 'no'];
  return Array.from({ length: count }, (_, n) =>
    [n % 7, Math.floor(n / 7) % 7, Math.floor(n / 49) % 7].map((i) => syllables[i]).join(n % 2 ? ' ' : ''),
  );
};

describe('characterModel', () => {
  it('is Witten and Bell’s', () => {
    const score = characterModel(countBigrams(['ab', 'ab', 'ac']));
    // Of six characters, a thrice, b twice, c once, three kinds; 4 outcomes with the unknown one.
    const alone = { a: (3 + 3 / 4) / 9, b: (2 + 3 / 4) / 9, unknown: 3 / 4 / 9 };
    expect(score('a')).toBeCloseTo(Math.log((3 + alone.a) / 4));
    expect(score('ab')).toBeCloseTo((Math.log((3 + alone.a) / 4) + Math.log((2 + 2 * alone.b) / 5)) / 2);
    expect(score('x')).toBeCloseTo(Math.log(alone.unknown / 4));
    expect(score('')).toBe(0);
  });

  it('gives all that may follow 1 together', () => {
    const score = characterModel(countBigrams(texts(100)));
    const outcomes = [...new Set(texts(100).join('')), '☃'];
    // What comes after 'k' is the second of two.
    const first = score('k');
    const sum = outcomes.reduce((total, next) => total + Math.exp(2 * score(`k${next}`) - first), 0);
    expect(sum).toBeCloseTo(1);
  });

  it('keeps the most frequent of many pairs', () => {
    const rare = Array.from({ length: 4000 }, (_, n) => `${String.fromCodePoint(0x4e00 + n)}!`);
    const bigrams = countBigrams([...rare, 'xyxyxy']);
    expect(Object.values(bigrams).flatMap((followers) => Object.keys(followers))).toHaveLength(3000);
    expect(bigrams['x']).toEqual({ y: 3 });
  });
});

describe('unlikeness', () => {
  const training = texts(343);
  const known = describeInputs(training, texts(200));
  const unlike = unlikeness(known);

  it('finds nothing in texts like those of the training, in capitals too', () => {
    expect(training.filter((text) => unlike(text).length > 0).length).toBeLessThan(0.03 * training.length);
    expect(unlike('KALO')).toEqual([]);
  });

  it('names unknown characters, as people write them', () => {
    expect(unlike('kaЖlo')).toContainEqual({
      kind: 'unknown-characters',
      characters: ['Ж'],
      message: 'the character Ж is unknown to it',
    });
    expect(unlike('Ωж')[0].message).toBe('the characters Ω and ж are unknown to it');
    expect(unlike('0123456789')[0].message).toBe('the characters 0, 1, 2, 3, 4, 5, 6, 7 and 2 more are unknown to it');
  });

  it('says when a text is longer than all', () => {
    const [longer] = unlike('kalomite');
    expect(longer).toEqual(undefined);
    expect(unlike('kalomitesu')).toContainEqual({
      kind: 'longer',
      length: 10,
      longest: 8,
      message: 'longer than any text that it learnt from: 10 characters, the longest had 8',
    });
  });

  it('says when characters stand together as they never do', () => {
    expect(unlike('kklltt').map(({ kind }) => kind)).toEqual(['improbable']);
    expect(unlike('kklltt')[0]).toMatchObject({ share: 0.99, message: expect.stringContaining('99 %') as string });
  });

  it('says nothing of probability after too few validation texts', () => {
    const few = describeInputs(training, texts(20));
    expect(few.least).toBeUndefined();
    expect(unlikeness(few)('kklltt')).toEqual([]);
  });
});
