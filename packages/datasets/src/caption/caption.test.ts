import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { testSetsOf } from '../dataset.js';
import { packageFiles } from '../package-files.js';
import { loadCaption } from './caption.js';
import type { CaptionDataset, CaptionExample } from './example.js';
import { CAPTION_LANGUAGES } from './languages.js';
import { Likeness } from './near-identical.js';
import { partition, type Drawn } from './partition.js';
import { joinCaption } from './symbols.js';

const NUMBERS = { concepts: 1692, groupsOfConcepts: 1564, largestGroup: 24, leftOutUnnamed: 57 };

type Parts = ReadonlyMap<string, readonly CaptionExample[]>;

/** All parts by name. */
const partsOf = ({ train, validation, testSets }: CaptionDataset): Parts =>
  new Map([
    ['train', train],
    ['validation', validation],
    ...testSets.map(({ name, examples }) => [name, examples] as const),
  ]);

/** Each picture once. */
function picturesOf(parts: Parts): { picture: CaptionExample['picture']; concept: string; part: string }[] {
  const [first] = CAPTION_LANGUAGES;
  return [...parts].flatMap(([part, examples]) =>
    examples
      .filter(({ language }) => language === first)
      .map(({ picture, parts: { concept } }) => ({ picture, concept, part })),
  );
}

const conceptsOf = (examples: readonly CaptionExample[]): Set<string> =>
  new Set(examples.map(({ parts }) => parts.concept));

describe('the real pictures and names', () => {
  let data: CaptionDataset;
  let parts: Parts;
  beforeAll(async () => {
    data = await loadCaption({ seed: 7 });
    parts = partsOf(data);
  });

  it('are in parts of these numbers', () => {
    const { counts } = data.describe();
    expect({ ...counts }).toMatchObject(NUMBERS);
    expect([...parts].map(([name, examples]) => [name, examples.length])).toEqual([
      ['train', counts.train],
      ['validation', counts.validation],
      ...data.testSets.map(({ name }) => [name, counts[`test, ${name}`]]),
    ]);
    expect(testSetsOf(data)[0]!.examples).toBe(data.test);
  });

  it('have a caption in each language, which its symbols are', () => {
    for (const [, examples] of parts) {
      expect(examples.length).toBeGreaterThan(0);
      const languages = new Map<unknown, Set<string>>();
      for (const { picture, language, text, references, targets } of examples) {
        languages.set(picture, (languages.get(picture) ?? new Set()).add(language));
        expect(references).toEqual([text]);
        expect(targets.map((symbols) => joinCaption(symbols, language))).toEqual(references);
      }
      for (const [, found] of languages) expect([...found]).toEqual(CAPTION_LANGUAGES);
    }
    expect(data.train.find(({ emoji, language }) => emoji === '🍎' && language === 'fr')?.text).toBe('pomme rouge');
    expect(new Set(data.train.flatMap(({ targets }) => targets.flat()))).toEqual(new Set(data.symbols));
  });

  it('are pictures of 64 by 64 with something drawn', () => {
    for (const { picture } of picturesOf(parts)) {
      expect([picture.width, picture.height, picture.data.length]).toEqual([64, 64, 64 * 64 * 4]);
      expect(picture.data.some((value, n) => n % 4 === 3 && value === 255)).toBe(true);
    }
  });

  it('never show a concept of one part in another', () => {
    const [train, validation, test] = ['train', 'validation', 'concepts'].map((name) => conceptsOf(parts.get(name)!));
    for (const concept of test!) expect(train!.has(concept) || validation!.has(concept)).toBe(false);
    for (const concept of validation!) expect(train!.has(concept)).toBe(false);
    for (const concept of conceptsOf(parts.get('style-unseen')!)) expect(train!.has(concept)).toBe(false);
    for (const name of ['combinations', 'style-seen']) {
      for (const concept of conceptsOf(parts.get(name)!)) expect(train!.has(concept)).toBe(true);
    }
  });

  it('never call two concepts of two parts the same', () => {
    const seen = new Set(data.train.map(({ language, text }) => `${language} ${text}`));
    for (const { language, text } of data.test) expect(seen.has(`${language} ${text}`)).toBe(false);
  });

  it('never show a combination in training whose parts it has', () => {
    const pairs = (examples: readonly CaptionExample[]): Set<string> =>
      new Set(examples.flatMap(({ parts: { concept, skinTones } }) => skinTones.map((tone) => `${concept} ${tone}`)));
    const trained = pairs(data.train);
    const tones = new Set(data.train.flatMap(({ parts: { skinTones } }) => skinTones));
    expect(tones.size).toBe(5);
    for (const { parts: made } of parts.get('combinations')!) {
      expect(made.skinTones.some((tone) => !trained.has(`${made.concept} ${tone}`))).toBe(true);
      expect(made.skinTones.every((tone) => tones.has(tone))).toBe(true);
      expect([...tones].filter((tone) => trained.has(`${made.concept} ${tone}`)).length).toBeGreaterThanOrEqual(3);
    }
    for (const { parts: made } of parts.get('style-seen')!) {
      expect(made.skinTones.every((tone) => trained.has(`${made.concept} ${tone}`))).toBe(true);
    }
  });

  it('show the unseen style in its own test sets alone', () => {
    for (const [name, examples] of parts) {
      const styles = new Set(examples.map(({ style }) => style));
      expect([...styles].toSorted()).toEqual(name.startsWith('style-') ? ['twemoji'] : ['fluent', 'noto']);
    }
  });

  it('never show near-identical pictures in two parts', () => {
    const pictures = picturesOf(parts);
    const both = (a: string, b: string, names: readonly string[]): boolean => names.includes(a) && names.includes(b);
    const crossing = [...new Likeness(pictures.map(({ picture }) => picture)).pairs()].filter(([a, b]) => {
      const [first, second] = [pictures[a]!, pictures[b]!];
      // Two parts of seen concepts that aren't learnt from; and skin tones of a concept, which differ in that alone.
      const allowed =
        first.part === second.part ||
        both(first.part, second.part, ['combinations', 'style-seen']) ||
        (first.concept === second.concept && both(first.part, second.part, ['train', 'combinations']));
      return !allowed;
    });
    expect(crossing.map(([a, b]) => pictures[a]!.concept + pictures[b]!.concept)).toEqual([]);
    // And what is the same to the byte, which needs no measure.
    const places = new Map<string, string>();
    for (const { picture, part } of pictures) {
      const key = createHash('sha1').update(picture.data).digest('hex');
      expect(places.get(key) ?? part).toBe(part);
      places.set(key, part);
    }
  });

  it('are put into the same parts for a seed, and into others for another', () => {
    const some: Drawn[] = data.train
      .filter(({ language }, n) => language === 'en' && n % 16 === 0)
      .map(({ emoji, style, picture, parts, text }) => ({ emoji, style, picture, parts, captions: [text] }));
    const partsFor = (seed: number) => partition(some, { seed, validation: 0.1, test: 0.2, combinations: 0.1 }).parts;
    expect(some.length).toBeGreaterThan(1000);
    expect(partsFor(1)).toEqual(partsFor(1));
    expect(partsFor(2)).not.toEqual(partsFor(1));
  });

  it('name their licences and whom Twemoji is by', () => {
    const { licence, notes, examples } = data.describe();
    for (const name of ['Apache-2.0', 'MIT', 'CC BY 4.0', 'Unicode-3.0']) expect(licence).toContain(name);
    expect(notes.join()).toContain('https://creativecommons.org/licenses/by/4.0/');
    expect(examples).toHaveLength(6);
  });
});

it('says which package is missing, and refuses shares out of range', async () => {
  const files: typeof packageFiles = async (name, version) =>
    packageFiles(name === 'cldr-annotations-full' ? 'cldr-annotations-none' : name, version);
  await expect(loadCaption({ seed: 1, files })).rejects.toThrow(expect.objectContaining({ code: 'DATA_MISSING' }));
  for (const wrong of [{ seed: -1 }, { seed: 1, testShare: 1 }, { seed: 1, combinationShare: 2 }]) {
    await expect(loadCaption(wrong)).rejects.toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  }
  await expect(loadCaption({ seed: 1, style: 'noto' } as never)).rejects.toThrow(
    expect.objectContaining({ code: 'UNKNOWN_OPTION' }),
  );
});
