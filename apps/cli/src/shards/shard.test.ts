import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nodeHost } from '../io/node-host.js';
import { dividing } from './answer.js';
import { idsOf } from './identity.js';
import { SHARDS, type Shard } from './shard.js';

const host = nodeHost({ json: true });

async function shardOf(words: string): Promise<Shard> {
  const folder = await mkdtemp(join(tmpdir(), 'heed-shard-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'words.txt');
  await writeFile(file, words);
  const what = {
    command: 'run',
    run: 'g2p',
    flags: { file: [file], backend: 'cpu' },
    range: { from: 1, to: 3 },
  } as const;
  const [id] = await idsOf(host, what, [what.range]);
  return { kind: 'shard', id: id!, folder: join(folder, 'shards'), ...what };
}

test('a shard is named by its own inputs, and not by the others', async () => {
  const { run, command, flags, range, id } = await shardOf('a\nb\nc\nd\n');
  const [file] = flags['file'] as readonly string[];
  const idNow = async (): Promise<string> => (await idsOf(host, { run, command, flags }, [range]))[0]!;
  await writeFile(file!, 'a\nb\nc\ne\n');
  expect(await idNow()).toBe(id);
  await writeFile(file!, 'a\nb\ne\nd\n');
  expect(await idNow()).not.toBe(id);
  await writeFile(file!, 'a\nb\n');
  expect(await idNow()).not.toBe(id);
});

test('a machine with other inputs does nothing', async () => {
  const shard = await shardOf('a\nb\nc\n');
  await writeFile((shard.flags['file'] as readonly string[])[0]!, 'a\nb\nd\n');
  const how = { signal: new AbortController().signal, onStep() {} };
  expect(await SHARDS.perform(host, shard, how)).toMatchObject({ kind: 'failed', code: 'JOB_MISMATCH' });
  await expect(readdir(shard.folder)).rejects.toThrow('ENOENT');
});

test.each([
  { flags: { out: 'somewhere' } },
  { flags: { browser: '/bin/sh' } },
  { flags: { split: 'test' } },
  { command: 'train' },
  { id: '../../elsewhere' },
  { range: { from: -1, to: 2 } },
  { more: true },
])('refuses a job with %j', async (change) => {
  const shard = await shardOf('a\nb\nc\n');
  expect(SHARDS.check(JSON.parse(JSON.stringify(shard)))).toEqual(shard);
  expect(() => SHARDS.check({ ...shard, ...change })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
});

test.each([
  [7, 3, [2, 2, 3]],
  [2, 5, [1, 1]],
  [0, 4, []],
])('%d inputs in %d shards are %j', (total, count, lengths) => {
  const ranges = dividing(total, count);
  expect(ranges.map(({ from, to }) => to - from)).toEqual(lengths);
  ranges.forEach(({ from }, n) => expect(from).toBe(ranges[n - 1]?.to ?? 0));
});
