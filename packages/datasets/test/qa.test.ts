import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import { FAMILIES, isName, loadQa, parseStory, writeStory, type QaDataset, type StoryExample } from '../src/index.js';
import { FACT_FORMS, match, QUESTION_FORMS } from '../src/qa/forms.js';
import { solve } from './solve-qa.js';
import { pattern } from '../src/qa/story.js';
import { cpuTime } from '../../base/test/cpu-time.js';

let data: QaDataset;
beforeAll(async () => {
  data = await loadQa({ seed: 7, stories: 300, countryStories: 1500 });
});

const parts = (): (readonly StoryExample[])[] => [data.train, data.validation, data.test];
const of = (family: string): StoryExample[] =>
  parts()
    .flat()
    .filter((example) => example.family === family);

describe('loadQa', () => {
  it('makes as many stories as are asked for, of every family in every part', () => {
    const { counts, version, licence } = data.describe();
    expect(FAMILIES.map((family) => counts[family])).toEqual([300, 300, 300, 300, 300, 300, 1500]);
    expect(counts['trainCountries'] + counts['validationCountries'] + counts['testCountries']).toBe(193);
    expect(version).toMatch(/^world-countries@5\.1\.0 sha256:[0-9a-f]{16}$/);
    expect(licence).toMatch(/ODbL/);
    for (const part of parts()) expect(new Set(part.map(({ family }) => family))).toEqual(new Set(FAMILIES));
    expect(counts['test'] / counts['stories']).toBeCloseTo(0.1, 1);
  });

  it('is made by its seed', async () => {
    const few = { stories: 20, countryStories: 40 };
    const [first, again, other] = [
      await loadQa({ seed: 1, ...few }),
      await loadQa({ seed: 1, ...few }),
      await loadQa({ seed: 2, ...few }),
    ];
    expect(again.version).toBe(first.version);
    expect(again.train).toEqual(first.train);
    expect(other.version).not.toBe(first.version);
  });

  it('has answers that follow from the facts, and from the supporting ones alone', () => {
    for (const { facts, question, answer, supports, text } of parts().flat()) {
      const supporting = supports.map((n) => facts[n]);
      expect([text, solve(facts, question)]).toEqual([text, answer]);
      expect([text, solve(supporting, question)]).toEqual([text, answer]);
      expect(supports).toEqual([...new Set(supports)].toSorted((a, b) => a - b));
      expect(supports.length).toBeGreaterThan(0);
    }
  });

  it.each([
    ['oneFact', 1],
    ['twoFacts', 2],
    ['threeFacts', 3],
  ])('needs every supporting fact in %s', (family, count) => {
    for (const { facts, question, answer, supports } of of(family)) {
      expect(supports).toHaveLength(count);
      for (const left of supports) {
        const without = supports.filter((n) => n !== left).map((n) => facts[n]);
        expect(solve(without, question)).not.toEqual(answer);
      }
    }
  });

  it('tells the truth about countries', async () => {
    const path = createRequire(import.meta.url).resolve('world-countries/dist/countries.json');
    const entries = JSON.parse(await readFile(path, 'utf8')) as {
      name: { common: string };
      cca3: string;
      capital: string[];
      borders: string[];
      area: number;
    }[];
    const byName = new Map(entries.map((entry) => [entry.name.common, entry]));
    const facts = of('countries').flatMap((example) => example.facts);
    const capitals = facts.filter((words) => words[1] === 'capital');
    const borders = facts.filter((words) => words[1] === 'borders');
    const sizes = facts.filter((words) => words[2] === 'larger');
    for (const list of [capitals, borders, sizes]) expect(list.length).toBeGreaterThan(100);
    for (const words of capitals) expect(byName.get(words[3])!.capital[0].replaceAll('.', '')).toBe(words[5]);
    for (const [a, , b] of borders) expect(byName.get(a!)!.borders).toContain(byName.get(b!)!.cca3);
    for (const words of sizes) expect(byName.get(words[0])!.area).toBeGreaterThan(byName.get(words[4])!.area);
  });

  it('has no story twice, whatever its names, and no country in two parts', () => {
    const patterns = parts().flatMap((part) =>
      part.filter(({ family }) => family !== 'countries').map((example) => `${example.family} ${pattern(example)}`),
    );
    expect(new Set(patterns).size).toBe(patterns.length);
    const countryPatterns = of('countries').map(pattern);
    expect(new Set(countryPatterns).size).toBe(countryPatterns.length);
    const named = parts().map((part) => {
      const capitals = part.flatMap(({ facts }) => facts.filter((words) => words[1] === 'capital'));
      return new Set(capitals.flatMap((words) => [words[3], words[5]]));
    });
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      expect([...named[a]].filter((name) => named[b].has(name))).toEqual([]);
    }
  });

  it('asks so that the usual answer isn’t enough', () => {
    const shareOf = (family: string, answer: string): number =>
      of(family).filter((example) => example.answer[0] === answer).length / of(family).length;
    expect(shareOf('yesNo', 'yes')).toBeCloseTo(0.5, 0);
    for (const answer of ['none', 'one', 'two']) expect(shareOf('counting', answer)).toBeLessThan(0.5);
    expect(of('lists').filter(({ answer }) => answer.length > 1).length).toBeGreaterThan(50);
  });

  it.each([
    { seed: -1 },
    { seed: 1, stories: 0 },
    { seed: 1, stories: 100_001 },
    { seed: 1, countryStories: 1.5 },
    { seed: 1, countryStories: 100_001 },
    { seed: 1, testShare: 1 },
  ])('refuses %j', async (options) => {
    const files = () => Promise.reject(new Error('read'));
    await expect(loadQa({ ...options, files })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('parseStory', () => {
  it('reads what was written, whatever the names', () => {
    for (const part of parts()) {
      for (const { text, facts, question } of part) expect(parseStory(text)).toEqual({ facts, question });
    }
    const story = parseStory(' mary  went to the Winter Garden.\nJohn took the ball! Where is Mary? ');
    expect(story.facts[0]).toEqual(['mary', 'went', 'to', 'the', 'Winter Garden']);
    expect(story.question).toEqual(['where', 'is', 'mary']);
    expect(writeStory(story)).toBe('mary went to the Winter Garden. John took the ball. Where is mary?');
    expect(parseStory('The Gambia borders Senegal. What is the capital of the Gambia?').question.at(-1)).toBe('Gambia');
  });

  it('reads a long row of signs once', () => {
    const read = (): void =>
      expect(() => parseStory(`Mary went to the garden. a${'!'.repeat(50_000)}b?`)).toThrow('the question');
    expect(cpuTime(read)).toBeLessThan(1000);
  });

  it('has each sentence of one form', () => {
    for (const { facts, question } of data.test) {
      for (const words of facts) {
        const forms = FACT_FORMS.filter((form) => match(form, words.join(' '))?.join('|') === words.join('|'));
        expect([words, forms]).toEqual([words, [expect.any(String)]]);
      }
      expect(QUESTION_FORMS.some((form) => match(form, question.join(' '))?.join('|') === question.join('|'))).toBe(
        true,
      );
    }
    expect(data.words.some(isName)).toBe(false);
  });

  it.each([
    ['', 'there is nothing'],
    ['Where is Mary?', 'there is one sentence'],
    ['Mary teleported to the garden. Where is Mary?', 'fact 1, "Mary teleported to the garden"'],
    ['Mary went to the garden. Why is Mary there?', 'the question, "Why is Mary there"'],
  ])('refuses %j', (text, message) => {
    expect(() => parseStory(text)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(() => parseStory(text)).toThrow(message);
  });
});
