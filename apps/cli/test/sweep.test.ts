import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { cp, mkdtemp, open, readFile, readdir, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAIN, heed, type Outcome } from './heed.js';
import { TABLE } from './small/table.js';

/** Four trainings: two rates with two seeds. */
const SWEEP = {
  task: 'pairs',
  settings: { data: ['words.tsv'], steps: 6, batchSize: 4 },
  grid: { learningRate: [0.001, 0.01] },
  seeds: [1, 2],
  minimise: 'tokenErrorRate',
};

/** Three settings, of which one goes on. */
const HALVING = {
  ...SWEEP,
  settings: { data: ['words.tsv'], batchSize: 4 },
  grid: { learningRate: [0.0001, 0.001, 0.01] },
  seeds: [1],
  halving: { steps: [2, 4], keep: 0.3 },
};

/** Those that learn, and those that don't; one of them is trained to the end. */
const MEDIAN = {
  ...SWEEP,
  settings: { ...SWEEP.settings, preset: 'small', steps: 40, evaluateEvery: 10 },
  grid: { learningRate: [0.000001, 0.01] },
  minimise: 'error',
  median: { startup: 1 },
};

interface Line {
  readonly event: string;
  readonly [name: string]: unknown;
}

interface Trained extends Line {
  readonly settings: { readonly learningRate: number };
}

const linesOf = (text: string): readonly Line[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
const only = (lines: readonly Line[], event: string): readonly Line[] => lines.filter((line) => line.event === event);

describe('heed sweep', () => {
  let place: string;
  let share: Outcome;
  let status: Outcome;
  let rest: Outcome;
  let report: string;
  let wrong = 0;
  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'heed-sweep-'));
    await writeFile(join(place, 'words.tsv'), TABLE);
    await write('sweep', SWEEP);
    await write('halving', HALVING);
    // A share first, as one of two machines would train it; then all that is missing.
    share = await sweep('sweep.ts', '--index', '0', '--count', '2', '--json');
    status = await sweep('sweep.ts', '--status', '--json');
    rest = await sweep('sweep.ts', '--json', '--report', 'report.html');
    report = await readFile(join(place, 'report.html'), 'utf8');
  });
  afterAll(() => rm(place, { recursive: true, force: true }));

  const write = (name: string, content: unknown): Promise<void> =>
    writeFile(join(place, `${name}.ts`), `export default ${JSON.stringify(content)};\n`);
  const sweep = (...args: string[]) => heed(['sweep', ...args], { cwd: place });
  const reportOf = async (...args: string[]): Promise<string> => {
    const { code } = await sweep(...args, '--report', 'again.html');
    expect(code).toBe(0);
    return readFile(join(place, 'again.html'), 'utf8');
  };

  it('trains a share, tells where it stands, and trains what is missing', () => {
    expect([share, status, rest].map(({ code }) => code)).toEqual([0, 0, 0]);
    const trained = [share, rest].map(({ stdout }) => only(linesOf(stdout), 'job').map(({ id }) => id));
    expect(trained.map(({ length }) => length)).toEqual([2, 2]);
    expect(new Set(trained.flat()).size).toBe(4);
    expect(only(linesOf(status.stdout), 'status')).toMatchObject([{ total: 4, done: 2, underWay: 0 }]);
    expect(only(linesOf(rest.stdout), 'done')).toEqual([{ event: 'done', finished: 4, failed: 0, whole: true }]);
  });

  it('says which settings are best, with a mean and its interval over seeds', async () => {
    const { stdout } = await sweep('sweep.ts', '--json');
    const settings = only(linesOf(stdout), 'settings') as readonly (Line & { target: { mean: number } })[];
    expect(settings.map(({ rank, seeds }) => ({ rank, seeds }))).toEqual([
      { rank: 1, seeds: [1, 2] },
      { rank: 2, seeds: [1, 2] },
    ]);
    expect(settings[0].target.mean).toBeLessThanOrEqual(settings[1].target.mean);
    expect(settings[0].target).toMatchObject({ count: 2, half: expect.any(Number) });
    expect(report).toMatch(/4 of 4 trainings; the smallest token error rate/);
    expect(report.match(/<svg /g)).toHaveLength(2);
    expect(report).not.toContain('<script');
  });

  it('trains nothing again, and the report is the same to the bit', async () => {
    const { stdout } = await sweep('sweep.ts', '--json');
    expect(only(linesOf(stdout), 'job')).toEqual([]);
    const watched = await sweep('sweep.ts', '--status', '--watch', '--json'); // ends when all is trained
    expect(only(linesOf(watched.stdout), 'status')).toMatchObject([{ total: 4, done: 4 }]);
    expect(await reportOf('sweep.ts')).toBe(report);
  });

  it.each([
    ['slurm.sh', { SLURM_ARRAY_TASK_ID: '1', SLURM_ARRAY_TASK_COUNT: '2' }, 2],
    ['kubernetes.yaml', { JOB_COMPLETION_INDEX: '3' }, 1],
  ])('%s takes its share of the trainings', async (file, told, total) => {
    const text = await readFile(new URL(`../../../examples/sweep/${file}`, import.meta.url), 'utf8');
    const script = /command: \[sh, -c, (.*)\]/.exec(text)?.[1] ?? text;
    // The real command, which only tells what it would be about.
    await writeFile(join(place, 'heed'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@" --status --json\n`, {
      mode: 0o755,
    });
    const env = {
      ...process.env,
      ...told,
      SWEEP: 'sweep.ts',
      OUT: 'sweeps/sweep',
      PATH: `${place}:${process.env['PATH']}`,
    };
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', script], { cwd: place, env });
    expect(only(linesOf(stdout), 'status')).toMatchObject([{ total }]);
  });

  it('an added seed is trained alone', async () => {
    await cp(join(place, 'sweeps', 'sweep'), join(place, 'more'), { recursive: true });
    await write('more', { ...SWEEP, seeds: [1, 2, 3] });
    const { stdout } = await sweep('more.ts', '--out', 'more', '--json');
    expect(only(linesOf(stdout), 'job').map(({ seed }) => seed)).toEqual([3, 3]);
  });

  it('two drivers at once lose no result, and make none twice', async () => {
    const both = await Promise.all(
      ['a.html', 'b.html'].map((name) =>
        heed(['sweep', 'sweep.ts', '--out', 'both', '--workers', '2', '--report', name], {
          cwd: place,
          env: { HEED_DEBUG: '' }, // in a process of its own
        }),
      ),
    );
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const pages = await Promise.all(['a.html', 'b.html'].map((name) => readFile(join(place, name), 'utf8')));
    expect(pages).toEqual([report, report]);
    expect(await readdir(join(place, 'both', 'results'))).toHaveLength(4);
  });

  it.each(['SIGINT', 'SIGKILL'] as const)('goes on after %s, to the same report', async (signal) => {
    await write('long', { ...SWEEP, settings: { ...SWEEP.settings, steps: 40 }, seeds: [1] });
    const out = join(place, `after-${signal}`);
    const args = ['sweep', 'long.ts', '--json'];
    const driver = spawn(process.execPath, [MAIN, ...args, '--out', out], { cwd: place });
    const closed = once(driver, 'close');
    // Its trainings have begun.
    await expect
      .poll(() => readdir(join(out, 'runs')).catch(() => []), { timeout: 60_000, interval: 50 })
      .not.toEqual([]);
    driver.kill(signal);
    const [code] = await closed;
    expect(code).toBe(signal === 'SIGINT' ? 130 : null);
    const again = await heed([...args, '--out', out, '--report', 'killed.html'], { cwd: place });
    expect(only(linesOf(again.stdout), 'done')).toMatchObject([{ finished: 2, failed: 0, whole: true }]);
    const whole = await reportOf('long.ts', '--out', 'whole');
    expect(await readFile(join(place, 'killed.html'), 'utf8')).toBe(whole);
  });

  it.skipIf(process.platform === 'win32')(
    'a run that another process has begun meanwhile is gone on with',
    async () => {
      const train = ['train', 'pairs', '--no-card', '--json'];
      const begun = await heed([...train, '--data', 'words.tsv', '--steps', '2', '--out', 'meanwhile'], { cwd: place });
      expect(begun.code).toBe(0);
      // Its data come when it has looked for a run already: a pipe has no writer before it has a reader.
      const pipe = join(place, 'pipe.tsv');
      await promisify(execFile)('mkfifo', [pipe]);
      const late = heed([...train, '--data', 'pipe.tsv', '--steps', '4', '--out', 'late', '--resume'], {
        cwd: place,
        env: { HEED_DEBUG: '' }, // in a process of its own
      });
      const isOpen = async (): Promise<FileHandle | undefined> =>
        open(pipe, constants.O_WRONLY | constants.O_NONBLOCK).catch(() => undefined);
      let writer: FileHandle | undefined;
      await expect.poll(async () => (writer = await isOpen()), { timeout: 60_000, interval: 20 }).toBeDefined();
      await rename(join(place, 'meanwhile'), join(place, 'late'));
      await rm(pipe);
      await writeFile(pipe, TABLE); // when it reads again
      await writer!.writeFile(TABLE);
      await writer!.close();
      const { code, stdout } = await late;
      expect(code).toBe(0);
      expect(only(linesOf(stdout), 'start')).toMatchObject([{ resumed: true, step: 2, steps: 4 }]);
    },
  );

  it('where data are made by lot, each seed has its own', async () => {
    await write('stories', { task: 'qa', settings: { steps: 1 }, seeds: [1, 2, 3] });
    // A share without a training.
    const { code } = await sweep('stories.ts', '--out', 'stories', '--index', '3', '--count', '4');
    expect(code).toBe(0);
    const { jobs } = JSON.parse(await readFile(join(place, 'stories', 'sweep.json'), 'utf8')) as {
      readonly jobs: readonly { readonly data: string }[];
    };
    expect(new Set(jobs.map(({ data }) => data)).size).toBe(3);
  });

  it('halves the settings from stage to stage', async () => {
    const { code, stdout } = await sweep('halving.ts', '--json');
    expect(code).toBe(0);
    const lines = linesOf(stdout);
    const steps = only(lines, 'job').map((line) => line['steps']);
    expect(steps).toEqual([2, 2, 2, 4]);
    expect(only(lines, 'settings')).toHaveLength(1);
    const again = await sweep('halving.ts', '--json');
    expect(only(linesOf(again.stdout), 'job')).toEqual([]);
    expect(only(linesOf(again.stdout), 'settings')).toEqual(only(lines, 'settings'));
  });

  it('stops trainings that fall behind the median, the same ones in shares and after a kill', async () => {
    // Which one is trained to the end depends on its id, and so on Heed's version: what is better is said so that the other rate is stopped.
    await write('first', { ...MEDIAN, budget: { jobs: 1 } });
    const first = await sweep('first.ts', '--out', 'median', '--json');
    const [{ settings }] = only(linesOf(first.stdout), 'job') as readonly Trained[];
    const { minimise: figure, ...rest } = MEDIAN;
    await write('median', settings.learningRate === 0.01 ? MEDIAN : { ...rest, maximise: figure });

    const { stdout } = await sweep('median.ts', '--out', 'median', '--report', 'median.html', '--json');
    const jobs = only(linesOf(stdout), 'job') as readonly Trained[];
    const others = jobs.filter((one) => one.settings.learningRate !== settings.learningRate);
    expect(others).toMatchObject([
      { steps: 10, stopped: true, best: { step: 10 } },
      { steps: 10, stopped: true, best: { step: 10 } },
    ]);
    const run = await readFile(join(place, 'median', 'runs', String(others[0].id), 'run.json'), 'utf8');
    expect((JSON.parse(run) as { progress: { step: number } }).progress.step).toBeLessThan(40);
    const page = await readFile(join(place, 'median.html'), 'utf8');
    expect(page).toContain('seed 1 at step 10, seed 2 at step 10');
    const status = await sweep('median.ts', '--out', 'median', '--status', '--json');
    expect(only(linesOf(status.stdout), 'status')).toMatchObject([{ total: 4, done: 4 }]);

    // All killed when they had trained, and before their results were there; then by shares.
    await cp(join(place, 'median', 'runs'), join(place, 'shares', 'runs'), { recursive: true });
    for (const index of ['0', '1']) {
      const one = await sweep('median.ts', '--out', 'shares', '--index', index, '--count', '2', '--json');
      expect(only(linesOf(one.stdout), 'done')).toEqual([{ event: 'done', finished: 2, failed: 0, whole: true }]);
    }
    const last = await sweep('median.ts', '--out', 'shares', '--report', 'shares.html', '--json');
    expect(only(linesOf(last.stdout), 'job')).toEqual([]);
    expect(await readFile(join(place, 'shares.html'), 'utf8')).toBe(page);
  });

  it('leaves the rest for another time when its budget is used up', async () => {
    await write('budget', { ...SWEEP, budget: { jobs: 1 } });
    const { code, stdout, stderr } = await sweep('budget.ts', '--out', 'budget', '--json');
    expect(code).toBe(0);
    expect(stderr).toContain('the same command goes on');
    expect(only(linesOf(stdout), 'done')).toMatchObject([{ finished: 1, whole: false }]);
  });

  it('a training that fails is told, with why', async () => {
    await write('failing', {
      ...SWEEP,
      settings: { ...SWEEP.settings, backend: 'webgl' },
      grid: { browser: ['/nowhere'] },
      seeds: [1],
    });
    const { code, stdout, stderr } = await sweep('failing.ts', '--json');
    expect(code).toBe(1);
    expect(stderr).toMatch(/BACKEND_UNAVAILABLE: .*, seed 1: .*nowhere/);
    expect(only(linesOf(stdout), 'done')).toMatchObject([{ finished: 0, failed: 1, whole: true }]);
  });

  it.each([
    [{ ...SWEEP, task: 'pears' }, 2, 'did you mean'],
    [{ ...SWEEP, grid: { learnRate: [1] } }, 2, "heed train has no setting 'learnRate'"],
    [{ ...SWEEP, settings: { ...SWEEP.settings, data: ['gone.tsv'] } }, 1, 'gone.tsv'],
    [{ ...SWEEP, grid: { learningRate: [-1] } }, 2, 'learningRate is -1'],
    [{ ...SWEEP, grid: { steps: [1] } }, 2, "'steps' is given twice"],
    [{ ...SWEEP, maximise: 'error' }, 2, 'exclude one another'],
    [{ ...SWEEP, seeds: [] }, 2, 'seeds'],
    [{ ...SWEEP, sead: [1] }, 2, "there is no option 'sead'"],
    [{ ...SWEEP, halving: { steps: [4, 8] } }, 2, "'steps' is given beside halving"],
    [{ ...MEDIAN, halving: { steps: [2, 4] }, settings: { data: ['words.tsv'] } }, 2, 'exclude one another'],
    [{ ...MEDIAN, settings: SWEEP.settings }, 2, 'the median would stop none'],
    [{ ...MEDIAN, median: {} }, 2, 'median trains 5 to the end, and there are 4 in all'],
    [{ ...SWEEP, settings: { ...SWEEP.settings, backend: 'wbgl' } }, 2, 'there is no backend'],
    [{ ...SWEEP, settings: { ...SWEEP.settings, preset: 'tiny' } }, 2, 'there is no preset'],
    ['nothing', 2, "the default export is 'nothing'"],
  ])('refuses the sweep %j', async (content, code, message) => {
    // A name of its own, since modules are loaded once.
    const name = `wrong-${wrong++}`;
    await write(name, content);
    const found = await sweep(`${name}.ts`);
    expect(found.code).toBe(code);
    expect(found.stderr).toContain(message);
  });

  it.each([
    [['missing.ts'], 1, 'there is no such file'],
    [['sweep.ts', '--watch'], 2, '--watch means nothing without --status'],
    [['sweep.ts', '--index', '1'], 2, '--index and --count go together'],
    [['sweep.ts', '--index', '2', '--count', '2'], 2, 'from 0 to 1'],
    [['halving.ts', '--index', '0', '--count', '2'], 2, 'halving compares all trainings'],
  ])('refuses %j', async (args, code, message) => {
    const found = await sweep(...args);
    expect(found).toMatchObject({ code, stderr: expect.stringContaining(message) });
  });

  it('a result that is no result is told, and nothing is trained over it', async () => {
    await cp(join(place, 'sweeps', 'sweep'), join(place, 'broken'), { recursive: true });
    const [file] = await readdir(join(place, 'broken', 'results'));
    await writeFile(join(place, 'broken', 'results', file), '{"formatVersion":1');
    const found = await sweep('sweep.ts', '--out', 'broken');
    expect(found).toMatchObject({ code: 1, stderr: expect.stringContaining('FILE_INVALID') });
  });
});
