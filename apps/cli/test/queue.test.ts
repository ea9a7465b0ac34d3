import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue, QueueEvents } from 'bullmq';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MAIN, heed } from './heed.js';
import { hasRedis, startRedis, type Server } from './redis.js';
import { TABLE } from './small/table.js';

/** Two trainings that take a second or two each. */
const SWEEP = {
  task: 'pairs',
  settings: { data: ['words.tsv'], steps: 40, batchSize: 4 },
  grid: { learningRate: [0.001, 0.01] },
  seeds: [1],
  minimise: 'tokenErrorRate',
};

/** Moves a process's clock, as a machine's may be wrong. */
const WRONG_CLOCK = `data:text/javascript,const{now}=Date;Date.now=()=>now()+3*60*60*1000`;

/** What is too large is told by an error, and not by a signal. */
const TOLD_BY_ERROR = `data:text/javascript,process.on('SIGXFSZ',()=>{})`;

/** A process of this test. */
interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly said: () => string;
}

describe.runIf(hasRedis)('a queue', () => {
  let place: string;
  let redis: Server;
  /** What the sweep comes to on one machine. */
  let report: string;
  let outs = 0;
  const started: Started[] = [];

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'heed-queue-'));
    await writeFile(join(place, 'words.tsv'), TABLE);
    await writeFile(join(place, 'sweep.ts'), `export default ${JSON.stringify(SWEEP)};\n`);
    redis = await startRedis(place);
    const { code } = await heed(['sweep', 'sweep.ts', '--out', 'alone', '--report', 'alone.html'], { cwd: place });
    expect(code).toBe(0);
    report = await readFile(join(place, 'alone.html'), 'utf8');
  });
  afterEach(async () => {
    for (const { child, ended } of started.splice(0)) {
      kill(child, 'SIGKILL');
      await ended;
    }
  });
  afterAll(async () => {
    await redis?.close();
    await rm(place, { recursive: true, force: true });
  });

  function start(args: readonly string[], command: readonly string[] = [process.execPath]): Started {
    const [program, ...given] = command;
    // A group of its own: with it goes what it has started, as with a machine.
    const child = spawn(program, [...given, MAIN, ...args], { cwd: place, detached: true });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const one = { child, ended: once(child, 'close').then(([code]) => code as number | null), said: () => said };
    started.push(one);
    return one;
  }
  const kill = (child: ChildProcess, signal: NodeJS.Signals): void => {
    try {
      process.kill(-child.pid!, signal);
    } catch {
      // It has ended already.
    }
  };
  const worker = (command?: readonly string[], ...more: string[]): Started =>
    start(['worker', '--redis', redis.url, '--workers', '1', '--patience', '2s', ...more], command);
  const sweep = (out: string): Started =>
    start(['sweep', 'sweep.ts', '--redis', redis.url, '--out', out, '--report', `${out}.html`, '--json']);
  const nextOut = (): string => `out-${++outs}`;
  /** Until so many trainings have begun. */
  const begun = (out: string, least = 1) =>
    expect
      .poll(() => readdir(join(place, out, 'runs')).catch(() => []), { timeout: 120_000, interval: 20 })
      .toHaveProperty(
        'length',
        expect.toSatisfy((length: number) => length >= least),
      );

  /** The same report to the bit, from as many results. */
  async function comesTo(driver: Started, out: string): Promise<void> {
    expect(await driver.ended, driver.said()).toBe(0);
    expect(await readFile(join(place, `${out}.html`), 'utf8')).toBe(report);
    expect(await readdir(join(place, out, 'results'))).toHaveLength(2);
  }

  it('has two workers train, one of which is killed, and one whose clock is wrong', async () => {
    const out = nextOut();
    const driver = sweep(out);
    const killed = worker();
    await begun(out);
    kill(killed.child, 'SIGKILL');
    worker([process.execPath, '--import', WRONG_CLOCK]);
    await comesTo(driver, out);
  });

  it('a worker that stalls loses its job to another, and does no harm when it comes back', async () => {
    const out = nextOut();
    const driver = sweep(out);
    const stalled = worker();
    await begun(out);
    kill(stalled.child, 'SIGSTOP');
    const other = worker();
    await expect.poll(other.said, { timeout: 120_000 }).toMatch(/training \w+: (done|held)/);
    kill(stalled.child, 'SIGCONT');
    await comesTo(driver, out);
    expect(stalled.child.exitCode).toBeNull();
  });

  it.each([
    ['with its log', true],
    ['with nothing', false],
  ])('Redis is killed and comes back %s, and then one of two drivers is', async (_, hasLog) => {
    const own = redis;
    redis = hasLog ? own : await startRedis();
    try {
      const out = nextOut();
      const killed = sweep(out);
      const driver = sweep(out);
      worker();
      await begun(out);
      await redis.crash();
      kill(killed.child, 'SIGKILL');
      worker();
      await comesTo(driver, out);
    } finally {
      if (redis !== own) await redis.close();
      redis = own;
    }
  });

  it('a worker without room puts its job back and says why; another one does it', async () => {
    const out = nextOut();
    const driver = sweep(out);
    // No file of more than 8 kB, as on a disk that is full.
    const full = worker(['/bin/sh', '-c', 'ulimit -f 16; exec "$0" "$@"', process.execPath, '--import', TOLD_BY_ERROR]);
    expect(await full.ended).toBe(1);
    expect(full.said()).toMatch(/error FILE_ACCESS: .*can't write/);
    worker();
    await comesTo(driver, out);
  });

  it('Ctrl-C of a worker puts its job back, and a driver’s leaves the queue to the workers', async () => {
    const out = nextOut();
    const driver = sweep(out);
    const first = worker();
    await begun(out);
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(130);
    driver.child.kill('SIGINT');
    expect(await driver.ended).toBe(130);
    const { stdout } = await heed(['sweep', 'sweep.ts', '--redis', redis.url, '--out', out, '--status'], {
      cwd: place,
    });
    expect(stdout).toContain('in the queue: 2 waiting, 0 under way, 0 workers');
    const last = worker(undefined, '--idle', '2s');
    expect(await last.ended).toBe(0);
    await comesTo(sweep(out), out);
  });

  it('a worker refuses what it wasn’t given to do', async () => {
    const { task, version, jobs } = JSON.parse(await readFile(join(place, 'alone', 'sweep.json'), 'utf8')) as {
      readonly task: string;
      readonly version: string;
      readonly jobs: readonly object[];
    };
    const training = { kind: 'training', folder: nextOut(), task, version, ...jobs[0] };
    const connection = { url: redis.url };
    const [queue, ends] = [new Queue('refused', { connection }), new QueueEvents('refused', { connection })];
    const put = async (change: object, attempts = 1): Promise<string> => {
      const job = await queue.add('training', { ...training, ...change }, { attempts });
      return job.waitUntilFinished(ends, 120_000).catch((error: Error) => error.message) as Promise<string>;
    };
    try {
      const strict = worker(undefined, '--queue', 'refused');
      const said = await Promise.all([
        put({ folder: '/somewhere' }),
        put({ folder: 's3://bucket/elsewhere' }),
        put({ seed: 7 }),
        put({ settings: { browser: '/bin/sh' } }),
        put({ settings: { out: '/' } }),
        put({ sead: 7 }),
        queue.add('mining', {}).then((job) => job.waitUntilFinished(ends, 120_000).catch(({ message }) => message)),
      ]);
      expect(said).toEqual([
        expect.stringContaining('a job would write to /somewhere'),
        expect.stringContaining('a job would write to s3://bucket/elsewhere'),
        expect.stringContaining('is not the id of what it says'),
        expect.stringContaining("'browser' is for each machine to say"),
        expect.stringContaining("heed train has no setting 'out'"),
        expect.stringContaining("there is no option 'sead'"),
        expect.stringContaining("there are no jobs of the kind 'mining'"),
      ]);
      expect(strict.said()).toContain("there are no jobs of the kind 'mining'");
      // It may be well elsewhere, and this machine would refuse the next one too.
      expect(await put({ version: '99.0.0' })).toMatch(/JOB_MISMATCH/);
      expect(await strict.ended).toBe(1);
      expect(strict.said()).toContain('install the same version on all machines');
      expect(await readdir(place)).not.toContain(training.folder);
    } finally {
      await Promise.all([queue.close(), ends.close()]);
    }
  });

  it.each([
    [['worker'], 2, 'a worker needs a queue'],
    [['worker', '--redis', 'somewhere'], 2, "an address such as 'redis://host:6379'"],
    [
      ['worker', '--redis', 'redis://me:secret@127.0.0.1:1'],
      1,
      'QUEUE_UNAVAILABLE: redis://127.0.0.1:1 gives no queue',
    ],
    [['worker', '--redis', 'redis://127.0.0.1:1', '--queue', 'a:b'], 2, 'a name without a colon'],
    [['sweep', 'sweep.ts', '--redis', 'redis://127.0.0.1:1', '--workers', '2'], 2, '--workers is of this machine'],
    [['sweep', 'sweep.ts', '--redis', 'redis://127.0.0.1:1'], 1, 'QUEUE_UNAVAILABLE'],
  ])('%j is refused', async (args, code, message) => {
    const found = await heed(args, { cwd: place });
    expect(found).toMatchObject({ code, stderr: expect.stringContaining(message) });
    expect(found.stderr).not.toContain('secret');
  });
});
