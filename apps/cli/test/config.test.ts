import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BROWSER } from './browser.js';
import { events, heed, temporaryFolder, type Outcome } from './heed.js';

const PLUGIN = fileURLToPath(new URL('./plugin', import.meta.url));
const CONFIG = join(PLUGIN, 'heed.config.ts');

/** A run of the plugin's task with its mechanism, and one of its network. */
let folder: string;
const run = (name: string): string => join(folder, name);
const named = (...args: string[]): Promise<Outcome> => heed(['--config', CONFIG, ...args]);

beforeAll(async () => {
  folder = join(PLUGIN, 'runs-of-tests');
  await rm(folder, { recursive: true, force: true });
  const trained = await heed(
    ['train', 'letters', '--attention', 'gentle-dot', '--backend', 'mine', '--out', run('letters'), '--json'],
    { cwd: PLUGIN },
  );
  expect(trained).toMatchObject({ code: 0 });
  const [start] = events(trained);
  expect(start).toMatchObject({ event: 'start', task: 'letters', backend: 'mine' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what a configuration brings', () => {
  test('is in the help, in the working folder and by --config', async () => {
    for (const { code, stdout } of [
      await heed(['compare', '--help'], { cwd: PLUGIN }),
      await named('compare', '--help'),
    ]) {
      expect(code).toBe(0);
      expect(stdout).toContain('wasm,cpu,composed,mine,threaded,webgl');
      expect(stdout).toMatch(/[a-z-]+,\s+gentle-dot or\s+none/);
      expect(stdout).toMatch(/of the wasm, threaded\s+backend/);
    }
  });

  test('is not there without it, nor in the folders below', async () => {
    for (const cwd of [undefined, join(PLUGIN, 'runs-of-tests')]) {
      const { code, stderr } = await heed(['data', 'letters'], { ...(cwd && { cwd }) });
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('there is no task "letters"') });
    }
  });

  test('is listed', async () => {
    const backends = events(await named('backends', '--json'));
    expect(backends).toContainEqual(expect.objectContaining({ event: 'backend', name: 'mine', available: true }));
    expect(events(await named('tasks', '--json'))).toContainEqual(
      expect.objectContaining({ event: 'task', name: 'letters', model: null }),
    );
    expect(events(await named('data', '--json'))).toContainEqual(expect.objectContaining({ name: 'letters' }));
  });

  test('trains, goes on, is judged and answers', async () => {
    const train = ['train', 'letters', '--backend', 'mine', '--out', run('letters'), '--steps', '3', '--resume'];
    const [start, ...others] = events(await named(...train, '--json'));
    expect(start).toMatchObject({ event: 'start', resumed: true, step: 2 });
    expect(others.at(-1)).toMatchObject({ event: 'done', step: 3 });
    const [judged] = events(await named('eval', run('letters'), '--limit', '4', '--json'));
    expect(judged).toMatchObject({ event: 'done', task: 'letters', model: 'gentle-dot attention', examples: 4 });
    const [answered] = events(await named('run', run('letters'), 'attention', '--json', '--no-maps'));
    expect(answered).toMatchObject({ event: 'result', input: 'attention' });
  });

  test('names itself in the commands that it tells', async () => {
    const { stderr } = await named('train', 'letters', '--out', run('told'), '--steps', '1');
    expect(stderr).toContain(`next: heed --config ${CONFIG} eval`);
  });

  test('is compared, by a reference whose thread reads it too', async () => {
    const compare = ['compare', 'letters', '--attention', 'gentle-dot', '--words', '2', '--backends', 'mine,cpu'];
    const outcome = await named(...compare, '--json');
    expect(outcome.code).toBe(0);
    expect(events(outcome).at(-1)).toMatchObject({ event: 'done', passed: true });
  });

  test('is compared in the folder of a run', async () => {
    const outcome = await named('compare', run('letters'), '--words', '2', '--backends', 'mine', '--json');
    expect(events(outcome).at(-1)).toMatchObject({ event: 'done', passed: true });
  });

  test('has its cost, by its formula', async () => {
    const outcome = await named('cost', 'letters', '--attention', 'gentle-dot', '--rounds', '1', '--json');
    const [withIt] = events(outcome);
    expect(withIt).toMatchObject({ event: 'model', side: 'with', formula: { kind: 'recurrent' } });
  });

  test('is a mechanism of attend, with its options', async () => {
    const query = join(folder, 'q.json');
    await writeFile(query, '[[1, 0], [0, 10]]');
    const weights = async (...args: string[]): Promise<unknown> =>
      (events(await named('attend', '--query', query, '--mechanism', 'gentle-dot', '--json', ...args))[0] as never)[
        'weights'
      ];
    const [gentle, given, flag] = [
      await weights(),
      await weights('--options', '{"scale":1}'),
      await weights('--scale', '1'),
    ];
    expect(given).toEqual(flag);
    expect(given).not.toEqual(gentle);
  });

  test('is held against the oracle', async () => {
    const done = events(await named('conformance', '--backend', 'mine', '--group', 'scale', '--json')).at(-1);
    expect(done).toMatchObject({ event: 'done', backend: 'mine', failed: 0 });
  });

  test.each([
    [['train', 'leters'], 'no task "leters"', 'did you mean letters?'],
    [['train', 'g2p', '--attention', 'gentle-dut'], 'no attention "gentle-dut"', 'did you mean gentle-dot?'],
    [['attend', '--query', 'q', '--mechanism', 'gentle-dut'], 'no mechanism "gentle-dut"', 'did you mean gentle-dot?'],
    [['bench', '--backend', 'mime'], 'no backend "mime"', 'did you mean mine?'],
    [['bench', '--threads', '70', '--backend', 'wasm'], '--threads of wasm is from 1 to 64', ''],
  ])('is meant by a slip: %j', async (args, message, hint) => {
    const { code, stderr } = await named(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });

  test('says nothing on standard output while it loads', async () => {
    const outcome = await heed(['--config', CONFIG, 'data', 'g2p', '--json'], { env: {} });
    expect(events(outcome).map(({ event }) => event)).toEqual(['data', 'done']);
    expect(outcome.stderr).toContain('is no result');
  });
});

describe('a run that was made with it', () => {
  const clear = {
    code: 1,
    stderr: expect.stringMatching(/^error CHECKPOINT_INVALID: .* not known here\nhint: .*--config/),
  };

  test.each([
    ['run', (at: string) => ['run', at, 'attention']],
    ['eval', (at: string) => ['eval', at]],
    ['compare', (at: string) => ['compare', at]],
    ['resume', (at: string) => ['train', 'letters', '--out', at, '--resume']],
  ])('says what is missing without it: %s', async (_, command) => {
    const outcome = await heed(command(run('letters')));
    expect(outcome).toMatchObject(clear);
    expect(outcome.stderr).toContain('task "letters" and attention "gentle-dot"');
    expect(outcome.stderr).not.toMatch(/^\s+at /m);
  });

  test("says so of another's network, and where another configuration is read", async () => {
    await cp(run('letters'), run('network'), { recursive: true });
    const info = join(run('network'), 'run.json');
    await writeFile(info, (await readFile(info, 'utf8')).replace('"recurrent"', '"elsewhere"'));
    const { stderr } = await named('run', run('network'), 'attention');
    expect(stderr).toMatch(/network "elsewhere", not known here\nhint: .*heed\.config\.ts doesn't bring it/);
  });
});

describe('in a page', () => {
  test.each([
    ['task', ['train', 'letters']],
    ['mechanism', ['train', 'g2p', '--attention', 'gentle-dot']],
    ['mechanism', ['attend', '--query', 'q', '--mechanism', 'gentleDot']],
  ])('its %s is refused before any work: %j', async (kind, args) => {
    const { code, stderr } = await named(...args, '--backend', 'webgl');
    expect(code).toBe(2);
    expect(stderr).toMatch(
      new RegExp(`error USAGE: the ${kind} .* runs in this process, and webgl runs in a page\nhint: .*mine`),
    );
  });

  test('so are a run that has it, and a comparison with it', async () => {
    const compare = ['compare', 'g2p', '--attention', 'gentle-dot', '--backends', 'cpu,webgl'];
    for (const args of [['eval', run('letters'), '--backend', 'webgl'], compare]) {
      const { code, stderr } = await named(...args);
      expect(code).toBe(2);
      expect(stderr).toContain('webgl runs in a page');
    }
  });

  test.runIf(BROWSER !== undefined)('what needs nothing of it runs', async () => {
    const one = ['--case', 'masks/dot/causal-top-left'];
    const outcome = await heed(['--config', CONFIG, 'conformance', '--backend', 'webgl', ...one, '--json'], {
      env: {},
    });
    expect(events(outcome).at(-1)).toMatchObject({ event: 'done', backend: 'webgl', failed: 0 });
  });
});

describe('a configuration that is wrong is one clear error', () => {
  test.each([
    ['a slip of syntax', 'export default {', /Unexpected|Unterminated|Expected/],
    ['what it throws', "throw new Error('no luck')", /no luck/],
    ['an end of the process', 'process.exit(0)', /ended the process/],
    ['an end that never comes', 'await new Promise(() => {})', /never comes/],
    [
      'a failure elsewhere',
      "Promise.reject(new Error('later')); await new Promise((r) => setTimeout(r, 500)); export default {}",
      /later/,
    ],
  ])('%s', async (_, source, message) => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'heed.config.mjs'), source);
    // Some of these end the process.
    const outcome = await heed(['tasks', '--json'], { cwd, env: {} });
    const { code, stdout, stderr } = outcome;
    expect(stderr).toMatch(/^error CONFIG_INVALID: .*heed\.config\.mjs/);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr.split('\n').length).toBeLessThanOrEqual(3);
    expect(code).toBe(2);
    expect(events(outcome)).toEqual([expect.objectContaining({ event: 'error', code: 'CONFIG_INVALID' })]);
    expect(stdout).not.toContain('"task"');
  });

  test('in TypeScript too, on every Node', async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'heed.config.ts'), 'const n: number = 1;\nexport default { tsaks: n } as object;');
    const { code, stderr } = await heed(['tasks'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^error CONFIG_INVALID: heed\.config\.ts: there is no option 'tsaks'\nhint: did you mean 'tasks'/,
    );
  });

  test('that is named', async () => {
    const cwd = await temporaryFolder();
    await mkdir(join(cwd, 'folder'));
    const told = async (...args: string[]): Promise<string> => {
      const { code, stderr } = await heed(args, { cwd });
      expect(code).toBe(2);
      return stderr;
    };
    expect(await told('tasks', '--config', 'nowhere.ts')).toMatch(
      /^error CONFIG_INVALID: .*nowhere\.ts" isn't there\nhint: /,
    );
    expect(await told('tasks', '--config=folder')).toMatch(/^error CONFIG_INVALID: .*is a folder\nhint: /);
    expect(await told('tasks', '--config')).toMatch(/^error USAGE: .*'--config <file>' argument missing/);
    expect(await told('attend', '--config', '{"heads":2}')).toContain('options of a mechanism are --options JSON');
  });

  test('where there are two', async () => {
    const cwd = await temporaryFolder();
    for (const name of ['heed.config.ts', 'heed.config.js']) await writeFile(join(cwd, name), 'export default {}');
    const { code, stderr } = await heed(['tasks'], { cwd });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^error CONFIG_INVALID: this folder has heed\.config\.ts and heed\.config\.js\n/),
    });
    expect((await heed(['data', '--json', '--config', 'heed.config.ts'], { cwd })).code).toBe(0);
  });

  test('an empty one changes nothing', async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'heed.config.js'), 'module.exports = {};');
    expect(await heed(['tasks', '--json'], { cwd })).toEqual(await heed(['tasks', '--json']));
  });
});
