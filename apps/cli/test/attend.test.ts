import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeNpy, decodeSafetensors, encodeNpy } from '@heed/formats';
import { beforeEach, describe, expect, test } from 'vitest';
import { events, heed, temporaryFolder, type Outcome } from './heed.js';

let folder: string;
const file = (name: string): string => join(folder, name);
const attend = (...args: string[]): Promise<Outcome> => heed(['attend', ...args], { cwd: folder });

beforeEach(async () => {
  folder = await temporaryFolder();
  await writeFile(
    file('q.json'),
    JSON.stringify([
      [Math.log(3), 0],
      [0, 0],
    ]),
  );
  await writeFile(file('k.json'), '[[1, 0], [0, 1]]');
  await writeFile(file('v.json'), '[[4], [8]]');
});

const inputs = ['--query', 'q.json', '--key', 'k.json', '--value', 'v.json'];

describe('output', () => {
  test('a map without colours when nobody looks', async () => {
    const { stdout } = await attend(...inputs, '--mechanism', 'dot', '--row-labels', 'a,b', '--column-labels', 'x,y');
    expect(stdout.split('\n')).toEqual([
      '  x y',
      'a @@--',
      'b ****',
      '  0  .:-=+*#%@ 0.75',
      'context [2,1] 5.000 6.000',
      '',
    ]);
  });

  test('FORCE_COLOR gives colours, NO_COLOR none', async () => {
    expect((await heed(['attend', ...inputs], { cwd: folder, env: { FORCE_COLOR: '3' } })).stdout).toContain(
      '\u001b[48;2;',
    );
    expect((await heed(['attend', ...inputs], { cwd: folder, env: { FORCE_COLOR: '2' } })).stdout).toContain(
      '\u001b[48;5;',
    );
    const { stdout, stderr } = await heed(['attend', ...inputs], { cwd: folder, env: { NO_COLOR: '1' } });
    expect(stdout + stderr).not.toContain('\u001b');
  });

  test('--out by extension, nothing else left in the folder', async () => {
    for (const name of ['map.svg', 'map.png', 'map.html', 'map.csv', 'map.json', 'all.safetensors']) {
      expect((await attend(...inputs, '--out', name)).code).toBe(0);
    }
    expect((await attend(...inputs, '--out', 'w.npy', '--returns', 'weights')).code).toBe(0);
    expect((await readdir(folder)).toSorted()).toEqual([
      'all.safetensors',
      'k.json',
      'map.csv',
      'map.html',
      'map.json',
      'map.png',
      'map.svg',
      'q.json',
      'v.json',
      'w.npy',
    ]);
    const { tensors } = decodeSafetensors(await readFile(file('all.safetensors')));
    expect(Object.keys(tensors).toSorted()).toEqual(['context', 'weights']);
    expect(decodeNpy(await readFile(file('w.npy'))).data).toEqual(tensors['weights']!.data);
    expect(await readFile(file('map.svg'), 'utf8')).toMatch(/^<svg /);
  });

  test('a .npy file holds one array', async () => {
    const { code, stderr } = await attend(...inputs, '--out', 'both.npy');
    expect(code).toBe(2);
    expect(stderr).toContain('--returns weights');
  });
});

describe('bad input', () => {
  test.each([
    [
      'a cut .npy',
      Buffer.from(encodeNpy({ dtype: 'float32', shape: [2], data: new Float32Array(2) })).subarray(0, -1),
      'FILE_INVALID',
    ],
    ['a rank that is too low', '[1,2]', 'SHAPE_MISMATCH'],
    ['NaN', '[["NaN", 1], [1, 1]]', 'NOT_FINITE'],
  ])('%s: one clear error, nothing written', async (_, content, error) => {
    await writeFile(file('bad'), content);
    const { code, stderr } = await attend('--query', 'bad', '--out', 'map.svg');
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^error ${error}: `));
    expect(stderr).not.toMatch(/^\s+at /m);
    expect((await readdir(folder)).toSorted()).toEqual(['bad', 'k.json', 'q.json', 'v.json']);
  });

  test.each([
    ['a missing file', ['--query', 'nowhere.npy'], 1, 'FILE_ACCESS'],
    ['a place that can’t be written', ['--query', 'q.json', '--out', 'q.json/map.svg'], 1, 'FILE_ACCESS'],
    ['an alignment that is missing', ['--query', 'one.json', '--key', 'k.json', '--causal'], 1, 'ALIGNMENT_REQUIRED'],
    ['labels that don’t fit', ['--query', 'q.json', '--row-labels', 'a'], 2, 'USAGE'],
    ['labels without a map', ['--query', 'q.json', '--row-labels', 'a,b', '--returns', 'context'], 2, 'USAGE'],
    ['a rate that is none', ['--query', 'q.json', '--dropout', '1'], 2, 'USAGE'],
  ])('%s', async (_, args, exit, error) => {
    await writeFile(file('one.json'), '[[0, 0]]');
    const outcome = await attend(...args, '--json');
    expect(outcome.code).toBe(exit);
    expect(events(outcome).at(-1)).toMatchObject({ event: 'error', code: error });
    expect(outcome.stderr).toMatch(new RegExp(`^error ${error}: `, 'm'));
    if (error === 'ALIGNMENT_REQUIRED') expect(outcome.stderr).toContain('--align');
  });
});
