import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { MAIN, events, heed, type Outcome } from './heed.js';
import { hasRedis, startRedis } from './redis.js';

/** Inputs with places, ids and a line that is no input: nine answers and two errors. */
const LINES = [
  '"attending"',
  '{"input": "cat", "id": "c"}',
  '',
  '"outweighs"',
  'no JSON',
  '"zebra"',
  '{"input": "through", "id": 7}',
  '"queue"',
  '"1234"',
  '"knight"',
  '"a"',
  '"telephone"',
];

describe('heed run --shards', () => {
  let place: string;
  let whole: Outcome;
  let people: Outcome;
  let parts: Outcome;
  const ARGS = ['run', 'g2p', '--file', 'inputs.jsonl', '--json-lines', '--backend', 'cpu'];
  const SHARDS = ['--shards', '3', '--workers', '2'];

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'heed-shards-'));
    await writeFile(join(place, 'inputs.jsonl'), LINES.join('\n'));
    whole = await run('--json');
    people = await run('--no-maps');
    parts = await run('--json', ...SHARDS);
  });
  afterAll(() => rm(place, { recursive: true, force: true }));

  const run = (...args: string[]): Promise<Outcome> => heed([...ARGS, ...args], { cwd: place });
  const filesOf = async (folder: string): Promise<Readonly<Record<string, number>>> => {
    const found = await readdir(join(place, folder)).catch(() => []);
    // What a write that was killed has left behind is no shard.
    const names = found.filter((name) => name.endsWith('.ndjson'));
    const times = await Promise.all(names.map(async (name) => (await stat(join(place, folder, name))).mtimeMs));
    return Object.fromEntries(names.map((name, n) => [name, times[n]]));
  };

  it('tells each input once, in their order, in the same bytes as without, and what is wrong with some', async () => {
    expect(parts.stdout).toBe(whole.stdout);
    expect([parts.code, whole.code]).toEqual([1, 1]);
    expect(events(parts).map(({ event, line }) => `${event} ${line}`)).toEqual(
      [1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((line) => `${[5, 9].includes(line) ? 'error' : 'result'} ${line}`),
    );
    expect(parts.stderr).toContain('inputs.jsonl, line 5');
    expect(Object.keys(await filesOf('shards'))).toHaveLength(3);
  });

  it('tells people the same, and computes nothing again', async () => {
    const before = await filesOf('shards');
    const found = await run(...SHARDS);
    expect(found.stdout).toBe(people.stdout);
    expect(found.stderr.replaceAll(/.*shard \d of \d.*\n/g, '')).toBe(people.stderr);
    expect(await filesOf('shards')).toEqual(before);
  });

  it('two commands at once tell everything each, and one result of each shard is kept', async () => {
    const both = await Promise.all(
      [1, 2].map(() =>
        heed([...ARGS, '--json', ...SHARDS, '--cache', 'both'], {
          cwd: place,
          env: { HEED_DEBUG: '' }, // in a process of its own
        }),
      ),
    );
    expect(both.map(({ stdout }) => stdout)).toEqual([whole.stdout, whole.stdout]);
    expect(Object.keys(await filesOf('both'))).toEqual(Object.keys(await filesOf('shards')));
  });

  it('goes on after SIGKILL, to the same bytes, without what is done', async () => {
    const args = [...ARGS, '--json', '--shards', '4', '--workers', '1', '--cache', 'killed'];
    const driver = spawn(process.execPath, [MAIN, ...args], { cwd: place, stdio: 'ignore' });
    const closed = once(driver, 'close');
    const written = async (): Promise<number> => Object.keys(await filesOf('killed')).length;
    await expect.poll(written, { timeout: 60_000, interval: 20 }).toBeGreaterThan(0);
    driver.kill('SIGKILL');
    await closed;
    const before = await filesOf('killed');
    expect(Object.keys(before).length).toBeLessThan(4);
    const again = await heed(args, { cwd: place });
    expect(again.stdout).toBe(whole.stdout);
    const after = await filesOf('killed');
    expect(Object.keys(after)).toHaveLength(4);
    expect(after).toMatchObject(before);
  });

  it('a shard that was changed is told, and not computed over', async () => {
    await cp(join(place, 'shards'), join(place, 'broken'), { recursive: true });
    const [name] = await readdir(join(place, 'broken'));
    const file = join(place, 'broken', name!);
    await writeFile(file, (await readFile(file, 'utf8')).replace('"output":"', '"output":"X'));
    const found = await run(...SHARDS, '--cache', 'broken');
    expect(found).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/FILE_INVALID: .*broken[^]*remove the file/),
    });
  });

  it('other inputs are other shards', async () => {
    await writeFile(join(place, 'other.jsonl'), LINES.join('\n').replace('zebra', 'zebras'));
    const other = await heed(['run', 'g2p', '--file', 'other.jsonl', ...ARGS.slice(4), '--json', ...SHARDS], {
      cwd: place,
    });
    const answers = (outcome: Outcome): unknown[] => events(outcome).map(({ input }) => input);
    expect(answers(other)).toEqual(answers(whole).map((input) => (input === 'zebra' ? 'zebras' : input)));
  });

  it.runIf(hasRedis)('is done by the workers of a queue', async () => {
    const { url, close } = await startRedis();
    onTestFinished(close);
    const worker = started([MAIN, 'worker', '--redis', url, '--workers', '2', '--json'], place);
    const found = await run('--json', '--shards', '3', '--cache', 'queued', '--redis', url);
    expect(found.stdout).toBe(whole.stdout);
    const closed = once(worker, 'close');
    worker.kill('SIGINT');
    expect(await closed).toEqual([130, null]);
    expect(Object.keys(await filesOf('queued'))).toEqual(Object.keys(await filesOf('both')));
  });

  it.each([
    [['run', 'g2p', 'cat', '--shards', '2'], 2, 'give them with --file'],
    [['run', 'g2p', '--interactive', '--shards', '2'], 2, 'give them with --file'],
    [['run', 'g2p', '--sample', '3', '--shards', '2'], 2, 'give them with --file'],
    [['run', 'g2p', '--file', '-', '--shards', '2'], 2, 'standard input can be read but once'],
    [['run', 'g2p', '--file', '/dev/null', '--shards', '2'], 2, '"/dev/null" can be read but once'],
    [['run', 'g2p', '--file', 'gone', '--shards', '2'], 1, 'there is no such file'],
    [['run', 'g2p', '--file', 'inputs.jsonl', '--shards', '2', '--out', 'a.svg'], 2, '--out means nothing'],
    [['run', 'use', '--file', 'inputs.jsonl', '--shards', '2'], 2, 'compares all sentences'],
    [['run', 'g2pp', '--file', 'inputs.jsonl', '--shards', '2'], 2, 'did you mean'],
    [['run', 'g2p', '--file', 'inputs.jsonl', '--workers', '2'], 2, '--workers means nothing without --shards'],
    [['run', 'g2p', '--file', 'inputs.jsonl', '--redis', 'redis://h'], 2, '--redis means nothing without --shards'],
    [['run', 'g2p', '--file', 'a', '--shards', '2', '--workers', '2', '--redis', 'redis://h'], 2, 'of this machine'],
    [['run', 'g2p', '--file', 'a', '--shards', '0'], 2, 'from 1 to'],
    [['eval', 'g2p', '--shards', '2', '--compare', 'none'], 2, '--compare means nothing with --shards'],
    [['eval', 'g2p', '--shards', '2', '--backend', 'webgl'], 2, 'webgl runs in a page'],
  ])('refuses %j', async (args, code, message) => {
    const found = await heed(args, { cwd: place });
    expect(found).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
  });
});

it('heed eval --shards has the figures of heed eval, to the bit', async () => {
  const place = await mkdtemp(join(tmpdir(), 'heed-shards-'));
  onTestFinished(() => rm(place, { recursive: true, force: true }));
  const evaluate = async (...args: string[]): Promise<Record<string, unknown>> => {
    const outcome = await heed(['eval', 'g2p', '--limit', '12', '--backend', 'cpu', '--json', ...args], { cwd: place });
    expect(outcome.code).toBe(0);
    const { seconds: _, ...found } = events(outcome).at(-1)!;
    return found;
  };
  const whole = await evaluate();
  expect(whole).toMatchObject({ examples: 12, figures: { monotonicity: expect.any(Number) } });
  expect(await evaluate('--shards', '2')).toEqual(whole);
  expect(await readdir(join(place, 'shards'))).toHaveLength(2);
});

function started(args: readonly string[], cwd: string): ChildProcess {
  const child = spawn(process.execPath, args, { cwd, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
