import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadG2p, parseWord, type SequenceDataset, type SequenceExample } from './index.js';

let data: SequenceDataset;
beforeAll(async () => {
  data = await loadG2p({ seed: 7 });
});

const parts = (): (readonly SequenceExample[])[] => [data.train, data.validation, data.test];
const find = (text: string): SequenceExample =>
  parts()
    .flat()
    .find((example) => example.text === text)!;

describe('loadG2p', () => {
  it('reads the whole dictionary', () => {
    const { counts, version, alphabets } = data.describe();
    const { sourceSymbols, targetSymbols } = data;
    expect(alphabets).toEqual({ input: sourceSymbols, output: targetSymbols });
    const { version: installed } = createRequire(import.meta.url)('cmu-pronouncing-dictionary/package.json') as {
      version: string;
    };
    expect(version).toBe(`cmu-pronouncing-dictionary@${installed} sha256:353f31875f3e6888`);
    expect(counts['words']).toBe(126_046);
    expect(counts['pronunciations']).toBe(134_852);
    expect(sourceSymbols.join('')).toBe("'-.abcdefghijklmnopqrstuvwxyz");
    expect(targetSymbols).toHaveLength(39); // the dictionary's phonemes
    expect(targetSymbols.some((symbol) => /\d/.test(symbol))).toBe(false);
    expect(find('attention').targets).toEqual(['AH T EH N SH AH N'.split(' ')]);
    expect(find('tomato').targets.map((phonemes) => phonemes.join(' '))).toEqual(['T AH M EY T OW', 'T AH M AA T OW']);
  });

  it('has no word, and no spelling, in two parts', () => {
    const [train, validation, test] = parts().map(
      (part) => new Set(part.map(({ text }) => text.replaceAll(/[^a-z]/g, ''))),
    ) as [Set<string>, Set<string>, Set<string>];
    expect([...validation].filter((word) => train.has(word) || test.has(word))).toEqual([]);
    expect([...test].filter((word) => train.has(word))).toEqual([]);
    expect(new Set(parts().flatMap((part) => part.map(({ text }) => text))).size).toBe(parts().flat().length);
    const { counts } = data.describe();
    expect(counts['train'] + counts['validation'] + counts['test']).toBe(counts['words']);
    expect(counts['test'] / counts['words']).toBeCloseTo(0.1, 2);
    expect(counts['validation'] / counts['words']).toBeCloseTo(0.05, 2);
  });

  it('has examples of its alphabets only, each with an answer', () => {
    const sources = new Set(data.sourceSymbols);
    const targets = new Set(data.targetSymbols);
    const isRight = ({ text, source, targets: answers }: (typeof data.test)[number]): boolean =>
      source.join('') === text &&
      source.every((symbol) => sources.has(symbol)) &&
      answers.length > 0 &&
      answers.every((answer) => answer.length > 0 && answer.every((symbol) => targets.has(symbol)));
    expect(parts().flat().length).toBeGreaterThan(100_000);
    expect(
      parts()
        .flat()
        .filter((example) => !isRight(example)),
    ).toEqual([]);
  });

  it('is made again by its options, and differently by another seed', async () => {
    const again = await loadG2p(data.options as { seed: number });
    expect(again.test).toEqual(data.test);
    expect(again.version).toBe(data.version);
    const other = await loadG2p({ seed: 8 });
    expect(other.test).not.toEqual(data.test);
    expect(other.version).toBe(data.version);
  });

  it('keeps stress when asked, which is other data', async () => {
    const stressed = await loadG2p({ seed: 7, stress: true });
    expect(stressed.targetSymbols).toContain('AH0');
    expect(stressed.targetSymbols).toHaveLength(69);
    expect(stressed.version).not.toBe(data.version);
    expect(stressed.test.map(({ text }) => text)).toEqual(data.test.map(({ text }) => text));
  });

  it('describes itself in plain JSON', () => {
    const summary = data.describe();
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
    expect(summary.licence).toContain('BSD-2-Clause');
  });
});

describe('parseWord', () => {
  it('takes what people type', () => {
    expect(parseWord(' Attention\n')).toEqual([...'attention']);
    expect(parseWord("can't")).toEqual([..."can't"]);
    expect(parseWord(` ${'a'.repeat(64)} `)).toHaveLength(64);
  });

  it.each([
    ['', 'no letter'],
    ['...', 'no letter'],
    ['naïve', '"ï"'],
    ['two words', '" "'],
    ['a1', '"1"'],
    ['a'.repeat(65), '65 characters'],
  ])('refuses %j', (text, message) => {
    const parse = (): unknown => parseWord(text);
    expect(parse).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(parse).toThrow(message);
  });
});
