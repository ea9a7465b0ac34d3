import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uniformAt } from '@heed/base';
import { encode } from 'fast-png';
import { afterEach, describe, expect, it } from 'vitest';
import { captionFiles } from '../node.js';
import { loadCaptions, type CaptionFiles, type CaptionsSettings } from './captions.js';
import type { DataFile } from './own-data.js';

const file = (name: string, ...parts: BlobPart[]): DataFile => new File(parts, name);

/** A PNG of patches, other ones for each number, a little lighter when asked for. */
function png(n: number, lighter = 0): Uint8Array<ArrayBuffer> {
  const [width, height] = [20, 10];
  const random = uniformAt({ seed: n, stream: 'inputs', name: 'patches' });
  const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    return lighter + 200 * random((Math.floor(x / 4) * 5 + Math.floor(y / 2)) * 3 + (at % 3));
  });
  return new Uint8Array(encode({ width, height, data, channels: 3 }));
}

const COUNT = 30;
const names = Array.from({ length: COUNT }, (_, n) => `${n % 2 ? 'cats/' : ''}${n}.png`);
const pictures = names.map((name, n) => file(name, png(n)));
const table = names.map((name, n) => `${name}\tpicture no. ${n}\n`).join('');
const load = (captions: string, given: Partial<CaptionFiles> = {}, settings: Partial<CaptionsSettings> = {}) =>
  loadCaptions({ captions: file('captions.tsv', captions), pictures, ...given }, { seed: 3, ...settings });

const all = ({ train, validation, test }: Awaited<ReturnType<typeof load>>) => [...train, ...validation, ...test];

it('reads pictures with their captions, the same for a seed', async () => {
  const data = await load(table);
  expect(all(data)).toHaveLength(COUNT);
  const third = all(data).find((example) => example.file === '2.png')!;
  expect(third).toMatchObject({ text: 'picture no. 2', targets: [['picture', 'no', '￭.', '2']], language: 'und' });
  const { width, height, channels, data: pixels } = third.picture;
  expect([width, height, channels]).toEqual([64, 64, 4]);
  // 20 by 10 pixels become 64 by 32, in the middle.
  const alphas = Array.from({ length: 64 }, (_, row) => pixels[(row * 64 + 32) * 4 + 3]!);
  expect(alphas.map((alpha) => alpha > 0)).toEqual(alphas.map((_, row) => row >= 16 && row < 48));
  expect(data.test.length).toBeGreaterThan(0);
  expect(await load(table)).toMatchObject({ version: data.version, train: data.train, options: data.options });
  expect((await load(table, {}, { seed: 4 })).train.map(({ text }) => text)).not.toEqual(
    data.train.map(({ text }) => text),
  );
  expect(data.describe().counts).toMatchObject({ rows: COUNT, pictures: COUNT, train: data.train.length });
});

it('takes languages of a third column, and tables of other formats', async () => {
  const languages = names.map((name, n) => `${name}\t文 ${n}\tzh\n${name}\tText ${n}\tde\n`).join('');
  const data = await load(languages);
  expect(data.languages).toEqual(['de', 'zh']);
  expect(all(data)).toHaveLength(2 * COUNT);
  const [first, second] = all(data);
  expect([first!.file, first!.picture]).toEqual([second!.file, second!.picture]);
  expect(all(data).find(({ text }) => text === '文 1')!.targets).toEqual([['文', ' ', '1']]);
  const csv = `caption,note,image\n${names.map((name, n) => `"Text, ${n}",x,${name}\n`).join('')}`;
  const ofCsv = await load('', { captions: file('a.csv', csv) });
  expect(ofCsv.options).toMatchObject({ format: 'csv', file: 'image', caption: 'caption' });
  expect(ofCsv.languages).toEqual(['und']);
  const json = names.map((name) => `${JSON.stringify({ file: name, caption: 'x', language: 'fr' })}\n`).join('');
  expect((await load('', { captions: file('a.jsonl', json) })).languages).toEqual(['fr']);
});

it('takes several captions of a picture as right ones of one example', async () => {
  const rows = names.map(
    (name, n) => `${name}\tred ${n}\ten\n${name}\trot\tde\n${name}\tcrimson\ten\n${name}\trot\tde\n`,
  );
  const data = await load(rows.join(''));
  expect(all(data)).toHaveLength(2 * COUNT);
  const of = (language: string) => all(data).find((one) => one.file === '2.png' && one.language === language)!;
  expect(of('en')).toMatchObject({
    text: 'red 2',
    references: ['red 2', 'crimson'],
    targets: [['red', '2'], ['crimson']],
  });
  expect(of('de')).toMatchObject({ references: ['rot'], targets: [['rot']] });
});

it('keeps pictures that look alike in one part', async () => {
  const copies = names.map((name, n) => file(name, png(n % 15, n < 15 ? 0 : 2)));
  const data = await load(table, { pictures: copies });
  const partOf = new Map(
    Object.entries({ train: data.train, validation: data.validation, test: data.test }).flatMap(([part, examples]) =>
      examples.map((example) => [example.file, part]),
    ),
  );
  for (let n = 0; n < 15; n++) expect(partOf.get(names[n]!)).toBe(partOf.get(names[n + 15]!));
});

const first = '0.png\tpicture\n';
it.each([
  [
    'a caption without a picture',
    `${table}99.png\tx\n`,
    {},
    'FILE_INVALID',
    /captions.tsv, line 31: there is no picture/,
  ],
  ['pictures without a caption', first, {}, 'FILE_INVALID', /captions.tsv: 29 pictures have no caption: cats\/1.png/],
  ['a path out of the folder', `${table}../0.png\tx\n`, {}, 'FILE_INVALID', /line 31: .*out of the folder/],
  ['an absolute path', `/etc/0.png\tx\n`, {}, 'FILE_INVALID', /line 1: .*out of the folder/],
  ['a path of a drive', `C:\\0.png\tx\n`, {}, 'FILE_INVALID', /out of the folder/],
  ['no path', `\tx\n`, {}, 'FILE_INVALID', /line 1: no file is named/],
  ['a caption without text', `${table}0.png\t \n`, {}, 'FILE_INVALID', /line 31: the caption is empty/],
  ['what is no language', `0.png\tx\tEnglish!\n`, {}, 'FILE_INVALID', /line 1: .*no language/],
  ['an empty table', '', {}, 'FILE_INVALID', /empty/],
  [
    'an empty picture',
    first,
    { pictures: [file('0.png')] },
    'FILE_INVALID',
    /captions.tsv, line 1: 0.png: the file is empty/,
  ],
  ['what is no picture', first, { pictures: [file('0.png', 'text')] }, 'FILE_INVALID', /line 1: 0.png: .*known kind/],
  ['no pictures', first, { pictures: [] }, 'INVALID_ARGUMENT', /0 files/],
  ['too many pictures', first, { pictures: Array(20_001).fill(pictures[0]) }, 'INVALID_ARGUMENT', /20001 files/],
  ['two of one path', first, { pictures: [pictures[0]!, pictures[0]!] }, 'INVALID_ARGUMENT', /same path/],
  ['one picture alone', first, { pictures: [pictures[0]!] }, 'INVALID_ARGUMENT', /too few/],
])('%s is refused', async (_, captions, given, code, message) => {
  await expect(load(captions, given)).rejects.toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
  );
});

it('refuses a picture that is too large by its header', async () => {
  const bytes = png(1);
  new DataView(bytes.buffer).setUint32(16, 20_000);
  new DataView(bytes.buffer).setUint32(20, 20_000);
  await expect(load(first, { pictures: [file('0.png', bytes)] })).rejects.toThrow(
    expect.objectContaining({ code: 'FILE_TOO_LARGE', details: expect.objectContaining({ line: 1 }) as object }),
  );
});

describe('a folder', () => {
  let folder: string;
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is read with the folders in it, without what links lead to', async () => {
    folder = await mkdtemp(join(tmpdir(), 'heed-captions-'));
    await mkdir(join(folder, 'cats'));
    for (const [n, name] of names.entries()) await writeFile(join(folder, name), png(n));
    await symlink('/etc/hostname', join(folder, 'outside.png'));
    await writeFile(join(folder, 'captions.tsv'), table);
    const files = await captionFiles(join(folder, 'captions.tsv'));
    expect(files.pictures.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    expect((await loadCaptions(files, { seed: 3 })).train).toEqual((await load(table)).train);
    await expect(captionFiles(join(folder, 'none.tsv'))).rejects.toThrow(
      expect.objectContaining({ code: 'FILE_ACCESS' }),
    );
  });
});
