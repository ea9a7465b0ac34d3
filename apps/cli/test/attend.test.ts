import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeNpy, decodeSafetensors, encodeNpy } from '@heed/formats';
import { beforeEach, describe, expect, test } from 'vitest';
import { events, heed, MAIN, temporaryFolder, type Outcome } from './heed.js';

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
    expect(stdout.split('\n')).toEqual(['  x y', 'a @@--', 'b ****', '  0  .:-=+*#%@ 0.75', 'context [2,1] 5 6', '']);
  });

  test('a masked cell is no weight of 0: //, an empty field, null', async () => {
    const labels = ['--row-labels', 'a,b', '--column-labels', 'x,y'];
    const { stdout } = await attend(...inputs, '--mechanism', 'dot', '--causal', ...labels, '--out', 'map.csv');
    expect(stdout.split('\n').slice(0, 4)).toEqual(['  x y', 'a @@//', 'b ++++', '  0  .:-=+*#%@ 1  // masked']);
    expect(await readFile(file('map.csv'), 'utf8')).toBe(',x,y\r\na,1,\r\nb,0.5,0.5\r\n');
    await attend(...inputs, '--lengths', '1', '--out', 'map.json');
    const { maps } = JSON.parse(await readFile(file('map.json'), 'utf8')) as { maps: { weights: unknown }[] };
    expect(maps[0].weights).toEqual([
      [1, null],
      [1, null],
    ]);
    await writeFile(
      file('bias.npy'),
      encodeNpy({ dtype: 'float32', shape: [2, 2], data: Float32Array.of(0, 0, -Infinity, 0) }),
    );
    const biased = await attend(...inputs, '--mechanism', 'dot', '--bias', 'bias.npy', ...labels);
    expect(biased.stdout.split('\n')[2]).toBe('b //@@');
  });

  test('a PNG with labels that its font lacks is written, and says which they are', async () => {
    const labels = ['--row-labels', '猫,b', '--column-labels', 'שלום,y'];
    const { code, stderr } = await attend(...inputs, ...labels, '--out', 'map.png');
    expect(code).toBe(0);
    expect(stderr).toContain("map.png: PNG's font lacks 猫 ש ל ו ם");
    expect(stderr).toContain('.svg and .html show every character');
    expect((await attend(...inputs, ...labels, '--out', 'map.svg')).stderr).not.toContain('lacks');
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
    expect(decodeNpy(await readFile(file('w.npy'))).data).toEqual(tensors['weights'].data);
    expect(await readFile(file('map.svg'), 'utf8')).toMatch(/^<svg /);
  });

  test('a .npy file holds one array', async () => {
    const { code, stderr } = await attend(...inputs, '--out', 'both.npy');
    expect(code).toBe(2);
    expect(stderr).toContain('--returns weights');
  });
});

describe('where arrays come from', () => {
  test('- is standard input, which is read once for all that name it', async () => {
    const args = ['attend', '--query', '-', '--key', '-', '--value', 'v.json', '--returns', 'context', '--json'];
    const piped = await heed(args, { cwd: folder, input: '[[1, 0], [0, 1]]' });
    const filed = await attend('--query', 'k.json', '--value', 'v.json', '--returns', 'context', '--json');
    expect(piped).toEqual({ code: 0, stdout: filed.stdout, stderr: '' });
  });

  test('a pipe by its name is read as a file is: <(…) of a shell', async () => {
    const shell = '"$0" "$1" attend --query <(cat q.json) --key <(cat k.json) --value v.json --json';
    const { stdout } = await promisify(execFile)('bash', ['-c', shell, process.execPath, MAIN], { cwd: folder });
    expect(stdout).toBe((await attend(...inputs, '--json')).stdout);
  });

  test('nothing piped in is one clear error', async () => {
    expect(await attend('--query', '-')).toMatchObject({ code: 1, stderr: expect.stringContaining('FILE_INVALID') });
  });
});

describe('numbers that float32 can’t hold', () => {
  const doubles = (name: string, ...numbers: number[]): Promise<void> =>
    writeFile(file(name), encodeNpy({ dtype: 'float64', shape: [2, 2], data: Float64Array.from(numbers) }));

  test('1e300 in a float64 file: which input, how many, the largest; exit 1 where the results aren’t finite', async () => {
    await doubles('big.npy', 1e300, 0, -1e39, 1);
    const { code, stdout, stderr } = await attend('--query', 'k.json', '--key', 'big.npy', '--returns', 'context');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(
      '--key: 2 of 4 numbers are too large for float32 and become infinite; the largest is 1e+300',
    );
    expect(stderr).toContain('error NOT_FINITE: 4 of 4 numbers of context are not finite (NaN)');
    const outcome = await attend(
      '--query',
      'k.json',
      '--key',
      'big.npy',
      '--json',
      '--out',
      'c.npy',
      '--returns',
      'context',
    );
    expect(outcome.code).toBe(1);
    expect(events(outcome).map(({ event }) => event)).toEqual(['loss', 'result', 'error']);
    expect(events(outcome)[0]).toEqual({ event: 'loss', flag: 'key', of: 4, tooLarge: 2, tooSmall: 0, largest: 1e300 });
    expect(await readdir(folder)).not.toContain('c.npy');
  });

  test('said, and no failure, where the results are finite', async () => {
    await doubles('bias.npy', 0, -1e39, 1e-60, 0); // −∞ masks
    const { code, stderr } = await attend(...inputs, '--bias', 'bias.npy', '--mechanism', 'dot');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        '--bias: 1 of 4 numbers is too large for float32 and becomes infinite; the largest is 1e+39; ' +
        '1 of 4 numbers is too small for float32 and becomes 0\n',
    });
  });

  test('scores that overflow though every number fits', async () => {
    await writeFile(file('large.json'), '[[1e30, 0], [0, 1]]');
    const { code, stderr } = await attend('--query', 'large.json', '--returns', 'weights', '--json');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error NOT_FINITE: .*weights.*\n.*the largest number read is 1e\+30, of --query\n$/);
  });

  test('NaN and Infinity that were put in may come out', async () => {
    await writeFile(file('nan.json'), '[["NaN", 0], [0, 1]]');
    expect((await attend('--query', 'nan.json', '--json')).code).toBe(0);
  });

  test('a row that attends to nothing has logSumExp −∞, which is right', async () => {
    await writeFile(file('none.json'), '[[0, 0], [1, 1]]');
    const outcome = await attend(...inputs, '--mask', 'none.json', '--returns', 'logSumExp', '--json');
    expect(outcome.code).toBe(0);
    expect(events(outcome)[0]).toMatchObject({ logSumExp: { data: ['-Infinity', expect.any(Number)] } });
  });
});

describe('bad input', () => {
  test('a mask of numbers to add is not taken for one of true and false', async () => {
    await writeFile(file('added.json'), '[[0, -1e9], [0, 0]]');
    const { code, stderr } = await attend(...inputs, '--mask', 'added.json');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error INVALID_ARGUMENT: --mask: .*-1000000000.*\nhint: .*--bias/);
  });

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
