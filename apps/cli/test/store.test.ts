import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBucket, type Bucket } from '../src/sweep/places/bucket.js';
import { claim } from '../src/sweep/places/claim.js';
import { s3Address } from '../src/sweep/places/s3-address.js';
import { MAIN, heed } from './heed.js';
import { hasRedis, startRedis, type Server } from './redis.js';
import { TABLE } from './small/table.js';
import { hasSwift, startSwift, type Swift } from './swift.js';

/** Two trainings that take a second or two each, and save now and then. */
const SWEEP = {
  task: 'pairs',
  settings: { data: ['words.tsv'], preset: 'small', steps: 40, evaluateEvery: 10, batchSize: 4 },
  grid: { learningRate: [0.001, 0.01] },
  minimise: 'tokenErrorRate',
};

describe.runIf(hasSwift && hasRedis)('a store', () => {
  let place: string;
  let swift: Swift;
  let redis: Server;
  let bucket: Bucket;
  let prefixes = 0;
  const started: ChildProcess[] = [];

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'heed-store-'));
    await writeFile(join(place, 'words.tsv'), TABLE);
    await writeFile(join(place, 'sweep.ts'), `export default ${JSON.stringify(SWEEP)};\n`);
    [swift, redis] = await Promise.all([startSwift(place), startRedis()]);
    Object.assign(process.env, swift.env); // of this file's process alone
    await new S3Client({ forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'heed' }));
    bucket = await openBucket(s3Address('s3://heed'));
  });
  afterEach(async () => {
    for (const child of started.splice(0)) await kill(child);
  });
  afterAll(async () => {
    for (const name of Object.keys(swift?.env ?? {})) delete process.env[name];
    await Promise.all([swift?.close(), redis?.close()]);
    await rm(place, { recursive: true, force: true });
  });

  const prefix = (): string => `p${++prefixes}`;
  /** A group of its own: with it goes what it has started, as with a machine. */
  function start(...args: readonly string[]): { readonly child: ChildProcess; readonly said: () => string } {
    // What is killed leaves its temporary folder.
    const env = { ...process.env, TMPDIR: place };
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: place, detached: true, env });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    started.push(child);
    return { child, said: () => said };
  }
  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'close');
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
  }
  const keys = async (part: string): Promise<readonly string[]> => (await bucket.list(part)).map(({ key }) => key);

  it('has what a folder has: a worker is killed, another goes on, and the report is the same to the bit', async () => {
    const folder = await heed(['sweep', 'sweep.ts', '--out', 'folder', '--report', 'folder.html'], { cwd: place });
    expect(folder.code).toBe(0);
    const at = prefix();
    const worker = ['worker', '--redis', redis.url, '--workers', '1', '--patience', '2s', '--folder', 's3://heed'];
    const out = ['--out', `s3://heed/${at}/`];
    const driver = start('sweep', 'sweep.ts', '--redis', redis.url, ...out, '--report', 'store.html', '--json');
    const ended = once(driver.child, 'close');
    const killed = start(...worker);
    const isKept = async (): Promise<boolean> => (await keys(`${at}/runs`)).some((key) => key.endsWith('run.json'));
    await expect.poll(isKept, { timeout: 120_000, interval: 50 }).toBe(true);
    await kill(killed.child);
    const other = start(...worker);
    expect(await ended, driver.said() + other.said()).toEqual([0, null]);
    const pages = await Promise.all(['folder', 'store'].map((name) => readFile(join(place, `${name}.html`), 'utf8')));
    expect(pages[1]).toBe(pages[0]);
    expect(await keys(`${at}/results`)).toHaveLength(2);
    // What was taken over is there once, and nobody claims it.
    const runs = await keys(`${at}/runs`);
    expect(runs.filter((key) => key.endsWith('training.safetensors'))).toHaveLength(2);
    expect(runs.some((key) => key.includes('/claims/'))).toBe(false);

    // It was gone on with, and not trained again: what is there is read, and not believed.
    const [result] = await keys(`${at}/results`);
    const id = /(\w+)\.json$/.exec(result)![1];
    await bucket.remove([result]);
    for (const key of runs) if (key.includes(id) && key.endsWith('training.safetensors')) await bucket.put(key, 'no');
    const again = await heed(['sweep', 'sweep.ts', ...out, '--json'], { cwd: place });
    expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/error (FILE|CHECKPOINT)_INVALID: /) });
    const status = await heed(['sweep', 'sweep.ts', ...out, '--status', '--json'], { cwd: place });
    expect(status.stdout).toContain('"total":2,"done":1,"underWay":1');
  });

  it('keeps of what is written once what came first', async () => {
    const at = prefix();
    await bucket.putNew(`${at}/a`, 'first');
    await bucket.putNew(`${at}/a`, 'second');
    expect(new TextDecoder().decode(await bucket.get(`${at}/a`, 100))).toBe('first');
    expect(await bucket.get(`${at}/b`, 100)).toBeUndefined();
    await expect(bucket.get(`${at}/a`, 4)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
  });

  it('gives a claim to one at a time, and never to two that come together', async () => {
    const at = `${prefix()}/`;
    const together = await Promise.all(Array.from({ length: 4 }, () => claim(bucket, at)));
    expect(together.filter((one) => one !== undefined).length).toBeLessThanOrEqual(1);
    await together.find((one) => one !== undefined)?.release();
    const first = await claim(bucket, at);
    expect(first).toBeDefined();
    expect(await claim(bucket, at)).toBeUndefined();
    await first!.release();
    const next = await claim(bucket, at);
    expect(next).toBeDefined();
    await next!.release();
    expect(await keys(at)).toEqual([]);
  });

  it('a claim that isn’t renewed is over, and its holder hears of it', async () => {
    const at = `${prefix()}/`;
    const silent = await claim(bucket, at, { beat: 6000, silence: 3000 });
    const lively = { beat: 500, silence: 3000 };
    expect(await claim(bucket, at, lively)).toBeUndefined();
    await pause(4200); // times of objects are in whole seconds
    const next = await claim(bucket, at, lively);
    expect(next).toBeDefined();
    await expect.poll(() => silent!.lost.aborted, { timeout: 10_000 }).toBe(true);
    await pause(2500); // it has had its claim for longer than one lives without being renewed
    expect(await claim(bucket, at, lively)).toBeUndefined();
    expect(next!.lost.aborted).toBe(false);
    await next!.release();
  });

  it.each([
    ['s3://nowhere', {}, "FILE_ACCESS: can't read s3://nowhere: there is no such bucket"],
    ['s3://heed', { AWS_SECRET_ACCESS_KEY: 'wrong' }, 'the store refuses (SignatureDoesNotMatch)'],
    ['s3://heed', { AWS_ACCESS_KEY_ID: '' }, 'there are no credentials'],
    ['s3://heed', { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' }, 'is the store running there?'],
  ])('refuses %s with %j before anything is trained', async (out, env, message) => {
    const found = await heed(['sweep', 'sweep.ts', '--out', out], { cwd: place, env: { ...swift.env, ...env } });
    expect(found).toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
  });
});
