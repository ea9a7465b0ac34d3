import { readFileSync } from 'node:fs';
import { decodePicture, type Picture } from '@heed/pictures';
import { describe, expect, it } from 'vitest';
import { captions, defineCaptions } from './captions.js';

const { files } = JSON.parse(
  readFileSync(new URL('../../../../vectors/pictures/pictures.json', import.meta.url), 'utf8'),
) as { files: { name: string; file: string }[] };
const bytesOf = (wanted: string) =>
  new Uint8Array(Buffer.from(files.find(({ name }) => name === wanted)!.file, 'base64'));

// Pictures of Pillow's in all three formats, of which no three look alike.
const PICTURES = { 'a.png': 'palette of 2 bits', 'more/b.webp': 'WebP', 'c.jpg': 'JPEG', 'd.png': 'one bit' };
const beside = Object.entries(PICTURES).map(([name, wanted]) => new File([bytesOf(wanted)], name));
const table = new File(
  [
    Object.keys(PICTURES)
      .map((name, n) => `${name}\tcolours no ${n}\tpt-BR\n${name}\t颜色\tzh\n`)
      .join(''),
  ],
  'captions.tsv',
);
const load = (given: Parameters<typeof defineCaptions>[0]) => defineCaptions(given).load({ seed: 1 });

describe('captions of somebody’s own pictures', () => {
  it('are read with the pictures beside their table', async () => {
    const task = defineCaptions({ data: [table], beside, validationShare: 0 });
    const data = await task.load({ seed: 1 });
    expect(data.languages).toEqual(['pt-br', 'zh']);
    const { targetSymbols, languages } = task.configure(task.presets['none']!, data, 1);
    expect([targetSymbols, languages]).toEqual([data.symbols, data.languages]);
    const [first] = data.train;
    expect(task.write(first!)).toBe(`${first!.language}: ${first!.file}`);
    expect(task.expected(first!)).toEqual(first!.references);
    // Figures of means alone, whatever the languages.
    const { figures } = await task.baselines[0]!.judge(data.train, data.train);
    expect(Object.keys(figures)).toEqual(expect.arrayContaining(['exact', 'cider', 'bleu', 'chrf']));
    expect(Object.keys(figures).filter((key) => /(?:Zh|Pt)/.test(key))).toEqual([]);
  });

  it('take any language tag', async () => {
    const picture: Picture = await decodePicture(bytesOf('RGB'));
    const task = captions.define({}, {});
    expect(task.parse(' pt-BR ', [picture])).toMatchObject({ language: 'pt-br' });
    expect(() => task.parse('the language', [picture])).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(() => task.parse('en', [])).toThrow('there is no picture');
  });

  it.each([
    ['no table', {}, 'DATA_MISSING', /no file to read/],
    ['no pictures', { data: [table] }, 'INVALID_ARGUMENT', /pictures are 0 files/],
    ['two tables', { data: [table, table], beside }, 'INVALID_ARGUMENT', /one table, and there are 2/],
    ['a table for the test', { data: [table], test: [table], beside }, 'INVALID_ARGUMENT', /one table/],
  ])('refuse %s', async (_, given, code, message) => {
    await expect(load(given)).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  });

  it('refuse settings of other kinds', () => {
    expect(() => captions.define({}, { group: 'author' })).toThrow(expect.objectContaining({ code: 'UNKNOWN_OPTION' }));
  });
});
