import { HeedError } from '@heed/base';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageFiles } from '../package-files.js';
import { clean, likeness, tidyText } from './clean.js';
import { readPacks, type Row } from './packs.js';
import { joinPieces, Segmenter, UNKNOWN } from '../pieces/pieces.js';
import type { TranslateDataset, TranslateExample } from './example.js';
import { loadTranslate, parseTranslate } from './translate.js';
import { cpuTime } from '../../../base/test/cpu-time.js';

let data: TranslateDataset;
beforeAll(async () => {
  data = await loadTranslate({ seed: 1 });
});

const parts = (): (readonly TranslateExample[])[] => [data.train, data.validation, data.test];

describe('readPacks', () => {
  it("decodes 1907 of monaco-editor's 1921 English texts; the others are not in the packs", async () => {
    const read = await packageFiles('monaco-editor', '0.55.1');
    const source = new TextDecoder().decode(await read('esm/nls.messages.js'));
    const texts = JSON.parse(/_VSCODE_NLS_MESSAGES=(\[[^]*\])/.exec(source)![1]) as string[];
    const english = new Set(texts);
    const decoded = new Set((await readPacks()).map(({ en }) => en));
    expect(english.size).toBe(1921);
    expect([...english].filter((text) => decoded.has(text))).toHaveLength(1907);
  });
});

describe('clean', () => {
  const row = (en: string, fr: string, de = 'x', zh = 'x'): Row => ({ en, fr, de, zh });

  it('leaves out what is no translation, and counts it', () => {
    const { entries, dropped } = clean([
      row('Terminal', 'Terminal', 'Konsole', '终端'),
      row('{0} ({1})', '{0} ({1})'),
      row('two\nlines', 'deux\nlignes'),
      row('w '.repeat(31) + 'word', 'mot'),
      row('Open {0}', 'Ouvrir', '{0} öffnen', '打开 {0}'),
    ]);
    expect(dropped).toEqual({ lines: 1, wordless: 1, long: 1, untranslated: 1, placeholders: 1 });
    expect(entries).toEqual([
      { english: 'Terminal', translations: { fr: [], de: ['Konsole'], zh: ['终端'] } },
      { english: 'Open {0}', translations: { fr: [], de: ['{0} öffnen'], zh: ['打开 {0}'] } },
    ]);
  });

  it('gathers the translations of a text', () => {
    const { entries } = clean([row('&&Open', '&&Ouvrir', 'a', '打开(&&O)'), row('Open', 'Ouvert', 'a', '打开')]);
    expect(entries).toEqual([{ english: 'Open', translations: { fr: ['Ouvrir', 'Ouvert'], de: ['a'], zh: ['打开'] } }]);
  });

  it('removes accelerators, widths of spaces and typographic apostrophes', () => {
    expect(tidyText('Plus\u00A0d’&&actions\u202F!')).toBe("Plus d'actions !");
    expect(tidyText('显示正在运行的任务(&&G)…')).toBe('显示正在运行的任务…');
  });

  it('takes texts for alike that differ in case, punctuation, digits and placeholders', () => {
    expect(likeness("Open '{0}' in 2 Editors...")).toBe('open in editors');
    expect(likeness('open in editors')).toBe('open in editors');
    expect(likeness('open an editor')).not.toBe('open in editors');
  });
});

describe('loadTranslate', () => {
  it('reads the packs that the figures are of', () => {
    const { version, counts } = data.describe();
    expect(version).toMatch(/@25\.1\.2 sha256:9aa164e394b0975b$/);
    expect(counts['texts']).toBe(6251);
    expect([data.train.length, data.validation.length, data.test.length]).toEqual([15_712, 962, 1815]);
    expect(counts['fr'] + counts['de'] + counts['zh']).toBe(parts().flat().length);
  });

  it('has no text in two parts, nor one like it, whatever the language', () => {
    const [train, validation, test] = parts().map((part) => new Set(part.map(({ english }) => likeness(english))));
    expect([...validation!].filter((text) => train!.has(text) || test!.has(text))).toEqual([]);
    expect([...test!].filter((text) => train!.has(text))).toEqual([]);
    expect(new Set(parts().flatMap((part) => part.map(({ text }) => text))).size).toBe(parts().flat().length);
    expect(data.test.length / parts().flat().length).toBeCloseTo(0.1, 1);
  });

  it('writes every example in the symbols of the model', () => {
    const known = { source: new Set(data.sourceSymbols), target: new Set(data.targetSymbols) };
    expect(known.source.size).toBe(data.sourceSymbols.length);
    expect(known.target.size).toBe(data.targetSymbols.length);
    const segmenter = new Segmenter(data.sourceSymbols);
    for (const { english, language, source, targets, references } of parts().flat()) {
      if (!source.every((symbol) => known.source.has(symbol))) throw new Error(`source of ${english}`);
      expect([`<${language}>`, ...segmenter.symbols(segmenter.segment(english))]).toEqual(source);
      const texts = targets.filter((target) => !target.includes(UNKNOWN)).map(joinPieces);
      if (!texts.every((text) => references.includes(text))) throw new Error(`targets of ${english}`);
    }
    for (const { source, targets } of data.train) {
      if (source.length > 24 || targets.length === 0 || targets.some(({ length }) => length > 24)) {
        throw new Error(source.join(' '));
      }
      if (!targets.flat().every((symbol) => known.target.has(symbol))) throw new Error(targets.join(' '));
    }
  });

  it('keeps placeholders whole', () => {
    const count = (symbols: readonly string[], symbol: string) => symbols.filter((one) => one === symbol).length;
    const placed = data.train.filter(({ english }) => english.includes('{0}'));
    expect(placed.length).toBeGreaterThan(500);
    for (const { english, source, targets } of placed) {
      const times = english.split('{0}').length - 1;
      expect([source, ...targets].map((symbols) => count(symbols, '{0}'))).toEqual(
        [source, ...targets].map(() => times),
      );
    }
  });

  it('refuses shares that leave nothing', async () => {
    await expect(loadTranslate({ seed: 1, testShare: 1 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it.each([-1, 0.5, Number.NaN, 100_001])('refuses %d merges before it reads', async (merges) => {
    const files = () => Promise.reject(new Error('read'));
    await expect(loadTranslate({ seed: 1, merges, files })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('parseTranslate', () => {
  it('takes a language before the text, French without', () => {
    expect(parseTranslate(' Open  File ')).toEqual({ text: 'fr: Open File', language: 'fr', english: 'Open File' });
    expect(parseTranslate('ZH:Open')).toEqual({ text: 'zh: Open', language: 'zh', english: 'Open' });
    expect(parseTranslate('de: fr: a')).toEqual({ text: 'de: fr: a', language: 'de', english: 'fr: a' });
  });

  it.each([
    ['it: Open', 'Italian'],
    [' ES : Open', 'Spanish'],
    ['pt-BR: Open', 'Brazilian Portuguese'],
    ['zh-Hant: Open', 'Traditional Chinese'],
    ['en: Open', 'English'],
    ['xx: Open', '"xx" is no language'],
    ['qq-AB: Open', '"qq-AB" is no language'],
  ])('refuses %j, which asks for another language', (text, name) => {
    expect(() => parseTranslate(text)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(name),
        hint: expect.stringMatching(/fr, de, zh;.*'fr: /),
      }),
    );
    expect(parseTranslate(`fr: ${text}`)).toMatchObject({ language: 'fr', english: text.trim() });
  });

  it.each(['Run: {0}', 'Id: {0}', 'url: {0}', 'IP: {0}', 'open: a'])('takes %j for English', (text) => {
    expect(parseTranslate(text)).toMatchObject({ language: 'fr', english: text });
  });

  it('reads a long text once', () => {
    const read = (): void => expect(parseTranslate(`a${' '.repeat(50_000)}b`).english).toBe('a b');
    expect(cpuTime(read)).toBeLessThan(1000);
  });

  it.each(['', 'de:', '  ', 'a'.repeat(201)])('refuses %j', (text) => {
    let thrown: unknown;
    try {
      parseTranslate(text);
    } catch (error) {
      thrown = error;
    }
    expect(HeedError.isInstance(thrown, 'INVALID_ARGUMENT')).toBe(true);
  });
});
