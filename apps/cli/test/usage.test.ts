import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { models } from '@heed/models';
import { describe, expect, test } from 'vitest';
import { BROWSER } from './browser.js';
import { events, heed, MAIN } from './heed.js';

const COMMANDS = [
  'train',
  'run',
  'eval',
  'export',
  'attend',
  'keras',
  'open',
  'backends',
  'conformance',
  'compare',
  'bench',
  'cost',
  'data',
  'tasks',
];

describe('help', () => {
  test('names every command', async () => {
    const { code, stdout, stderr } = await heed(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  test.each(COMMANDS)('of %s has an example', async (command) => {
    const { code, stdout, stderr } = await heed([command, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`Example:\n {2}\\$ .*heed ${command}`));
    expect(stdout).toContain('--json');
  });

  test('names the mechanisms that a recurrent model takes: none that look back only', async () => {
    const words = (text: string): string => text.replaceAll(/\s+/g, ' ');
    const { stdout } = await heed(['train', '--help']);
    expect(words(stdout)).toMatch(
      /--attention <kind> of a recurrent model or captioner: additive, .*multi-head, scaled-dot-product/,
    );
    expect(stdout).not.toMatch(/multi-token|latent/);
    expect((await heed(['attend', '--help'])).stdout).toMatch(/multi-token/);
  });

  test('of run names all that it can run', async () => {
    const { stdout } = await heed(['run', '--help']);
    const tasks = events(await heed(['tasks', '--json'])).flatMap(({ event, name, model }) =>
      (event === 'task' && model !== null) || event === 'pretrained' ? [String(name)] : [],
    );
    expect(tasks).toContain('use');
    expect(stdout).toContain(tasks.join(', '));
  });

  test('answers before anything heavy is loaded', async () => {
    const time = async (args: readonly string[]): Promise<number> => {
      const start = performance.now();
      await promisify(execFile)(process.execPath, args);
      return performance.now() - start;
    };
    const ratios: number[] = [];
    for (let n = 0; n < 5; n++) ratios.push((await time([MAIN, '--help'])) / (await time(['-e', '0'])));
    // 1.6 times the start of Node itself, 80 ms against 50; with TensorFlow.js it would be 6 times.
    expect(Math.min(...ratios)).toBeLessThan(3);
  });

  test('--version is the version', async () => {
    const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
    expect(await heed(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

const literal = (text: string): RegExp => new RegExp(text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&'));

describe('mistakes end with 2, one clear line and a hint', () => {
  test.each([
    ['no command', [], 'which command?', 'heed --help'],
    ['help of no command', ['help', 'trian'], 'no command "trian"', 'did you mean train?'],
    ['unknown command', ['trian'], 'no command "trian"', 'did you mean train?'],
    ['a command like no other', ['bogus'], 'no command "bogus"', 'there are: train, sweep, run, eval'],
    ['a model without run', ['tranlsate', 'Open'], 'no command "tranlsate"', 'did you mean heed run translate?'],
    ['the encoder without run', ['use', 'Open'], 'no command "use"', 'did you mean heed run use?'],
    ['unknown flag', ['run', 'x', '--jsno'], "unknown option '--jsno'", 'Did you mean --json?'],
    ['unknown backend', ['attend', '--query', 'q', '--backend', 'cpv'], 'no backend "cpv"', 'did you mean cpu?'],
    ['unknown task', ['train', 'gp2'], 'no task "gp2"', 'g2p'],
    ['unknown task of data', ['data', 'toString'], 'no task "toString"', 'g2p'],
    ['missing argument', ['run'], "missing required argument 'run'", undefined],
    ['too many arguments', ['backends', 'x'], 'too many arguments', undefined],
    ['a slip in a task to run', ['run', 'tranlsate', 'x'], 'no run and no task "tranlsate"', 'did you mean translate?'],
    ['neither a run nor a task', ['run', 'banana', 'x'], 'no run and no task "banana"', /g2p, dates, .*, use$/],
    ['neither, to be judged', ['eval', 'banana'], 'no run and no task "banana"', /g2p, dates, .*, caption$/],
    [
      'a task without a model',
      ['run', 'video', '--ask', 'what changed', 'frames'],
      'without a model of video',
      /^hint: train one, heed train video/,
    ],
    ['figures of what answers nothing', ['eval', 'use'], 'encodes sentences', "heed run use 'a sentence'"],
    ['training what is pretrained', ['train', 'use'], 'is a pretrained model', "heed run use 'a sentence'"],
    ['no number', ['eval', 'x', '--limit', 'many'], 'whole number', undefined],
    ['number out of range', ['run', 'x', '--beam', '0'], 'from 1 to 64', undefined],
    ['negative seed', ['data', 'g2p', '--seed', '-1'], '≥ 0', undefined],
    ['no share', ['run', 'generate', '--top-p', '2'], 'a number > 0, ≤ 1', undefined],
    ['no rate', ['train', 'g2p', '--learning-rate', '-1'], 'a number > 0', undefined],
    ['threads of what has none', ['bench', '--backend', 'cpu', '--threads', '2'], '--threads is for', undefined],
    ['no time', ['train', 'g2p', '--max-time', 'soon'], '90s', undefined],
    ['unknown split', ['eval', 'g2p', '--split', 'tset'], 'no split "tset"', 'did you mean test?'],
    ['unknown preset', ['train', 'g2p', '--preset', 'smal'], 'no preset "smal"', 'did you mean small?'],
    [
      'unknown attention',
      ['train', 'g2p', '--attention', 'aditive'],
      'no attention "aditive"',
      'did you mean additive?',
    ],
    [
      'unknown mechanism',
      ['attend', '--query', 'q', '--mechanism', 'dott'],
      'no mechanism "dott"',
      'did you mean dot?',
    ],
    ['unknown group', ['conformance', '--group', 'shape'], "no group is called 'shape'", 'shapes'],
    ['unknown case', ['conformance', '--case', 'nonsense'], "no case is called 'nonsense'", undefined],
    ['unknown backend where none is used', ['data', '--backend', 'cpv'], 'cpu, composed', undefined],
    ['contradiction', ['train', 'g2p', '--resume', '--overwrite'], 'exclude one another', undefined],
    ['words and a sample', ['run', 'x', 'word', '--sample', '2'], 'exclude one another', undefined],
    ['extension of no format', ['run', 'x', 'word', '--out', 'map.gif'], 'map.gif', '.svg'],
  ])('%s', async (_, args, message, hint) => {
    const { code, stdout, stderr } = await heed(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const [first, second] = stderr.split('\n');
    expect(first).toMatch(/^error USAGE: /);
    expect(first).toContain(message);
    if (hint !== undefined) expect(second).toMatch(hint instanceof RegExp ? hint : literal(hint));
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('with --json they are an event too', async () => {
    const outcome = await heed(['data', 'gp2', '--json']);
    expect(outcome.code).toBe(2);
    expect(events(outcome)).toEqual([
      { event: 'error', code: 'USAGE', message: 'there is no task "gp2"', hint: expect.any(String) },
    ]);
    expect(events(await heed(['--json', '--nonsense']))).toMatchObject([{ event: 'error', code: 'USAGE' }]);
  });
});

describe('--debug', () => {
  test('shows where an error comes from, and nothing else does', async () => {
    const args = ['attend', '--query', 'nowhere.npy'];
    expect((await heed(args)).stderr).not.toMatch(/^\s+at /m);
    expect((await heed([...args, '--debug'])).stderr).toMatch(/^\s+at .*files\.js/m);
    expect((await heed(args, { env: { HEED_DEBUG: '1' } })).stderr).toMatch(/^\s+at /m);
  });
});

describe('backends and data', () => {
  test('backends says what each can do', async () => {
    const { code, stdout } = await heed(['backends']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^wasm .*\(default\)/);
    expect(stdout).toMatch(/^composed /m);
    expect(stdout).toMatch(/^  takes masks band, .* · biases .* · normalizers softmax, .* · options .*dropout/m);
    expect(events(await heed(['backends', '--json']))).toEqual([
      expect.objectContaining({
        event: 'backend',
        name: 'wasm',
        available: true,
        default: true,
        takes: expect.objectContaining({ ops: expect.arrayContaining(['weightedContext']) }) as unknown,
      }),
      expect.objectContaining({ event: 'backend', name: 'cpu', available: true, default: false }),
      expect.objectContaining({ event: 'backend', name: 'composed', available: true, default: false }),
      expect.objectContaining({ event: 'backend', name: 'webgl', available: BROWSER !== undefined }),
      expect.objectContaining({ event: 'backend', name: 'webgpu' }), // more of it in webgpu.test.ts
      { event: 'done', default: 'wasm' },
    ]);
  });

  test('data says source, licence and counts', async () => {
    const { code, stdout } = await heed(['data', 'g2p']);
    expect(code).toBe(0);
    expect(stdout).toContain('cmu-pronouncing-dictionary');
    expect(stdout).toMatch(/licence .*BSD/);
    const [event] = events(await heed(['data', 'g2p', '--seed', '7', '--json']));
    expect(event).toMatchObject({ event: 'data', task: 'g2p', options: { seed: 7 } });
    const { words, train, validation, test } = event!['counts'] as Record<string, number>;
    expect(train! + validation! + test!).toBe(words);
  });

  test('data alone lists the tasks', async () => {
    const [first, ...others] = events(await heed(['data', '--json']));
    expect(first).toMatchObject({ event: 'task', name: 'g2p' });
    expect(others.at(-1)).toEqual({ event: 'done' });
  });

  test('tasks tells data, licence, presets and the shipped model of each', async () => {
    const listed = events(await heed(['tasks', '--json']));
    expect(listed.at(-1)).toEqual({ event: 'done' });
    expect(listed.filter(({ event }) => event === 'pretrained')).toMatchObject([{ name: 'use' }]);
    expect(listed.filter(({ event }) => event === 'own')).toMatchObject(
      ['pairs', 'labels', 'text', 'captions'].map((name) => ({ name, description: expect.any(String) })),
    );
    const shipped = listed.filter(({ event, model }) => event === 'task' && model !== null);
    expect(shipped.map(({ name }) => name)).toEqual(Object.keys(models));
    for (const task of shipped) {
      expect(task).toMatchObject({
        event: 'task',
        example: expect.any(String),
        data: { licence: expect.any(String), version: expect.any(String) },
        model: {
          parameters: expect.any(Number),
          command: expect.stringMatching(`^heed train ${String(task['name'])} `),
        },
      });
    }
    const { stdout } = await heed(['tasks']);
    expect(stdout).toMatch(/^g2p  .*\n(  .*\n)+ {2}model .*word error \d+\.\d %/);
    expect(stdout).toContain('heed run g2p attending');
  });
});

describe.runIf(existsSync('/dev/full'))('standard output', () => {
  test('that is full is one clear error', async () => {
    const command = promisify(execFile)('sh', ['-c', '"$0" "$@" > /dev/full', process.execPath, MAIN, 'backends']);
    await expect(command).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error FILE_ACCESS: .*ENOSPC.*\n$/),
    });
  });
});
