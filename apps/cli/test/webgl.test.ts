import type { ChildProcess } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeSafetensors } from '@heed/formats';
import { beforeEach, describe, expect, test } from 'vitest';
import { BROWSER, descendants, isRunning, isType, onWebgl } from './browser.js';
import { events, heed, temporaryFolder, type Outcome, type Settings } from './heed.js';

// A page compiles every shader before it runs it the first time, on the processor where there is no GPU.
const TIMEOUT = 360_000;

let folder: string;
/** Of the command and its browser; empty after each test. */
let temporary: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  temporary = join(folder, 'tmp');
  await mkdir(temporary);
  return async () => expect(await readdir(temporary)).toEqual([]);
});

const TRAIN = ['--seed', '7', '--batch-size', '2', '--steps', '500', '--json'];
const webgl = (args: readonly string[], settings?: Settings): Promise<Outcome> => onWebgl(args, temporary, settings);
const train = (...more: string[]): string[] => ['train', 'g2p', '--out', join(folder, 'run'), ...TRAIN, ...more];

/** Calls once, as soon as there was such an event. */
function at(event: string, act: (child: ChildProcess) => void): Settings {
  let acted = false;
  return {
    onOutput: (child, stdout) => {
      if (acted || !stdout.includes(`"event":"${event}"`)) return;
      acted = true;
      act(child);
    },
  };
}

describe.runIf(BROWSER !== undefined)('--backend webgl', { timeout: TIMEOUT }, () => {
  test('says what it can do', async () => {
    const outcome = await webgl(['backends', '--json']);
    expect(events(outcome)).toEqual([
      expect.objectContaining({ event: 'backend', name: 'webgl', available: true, default: false, engine: 'webgl' }),
      { event: 'done', default: null },
    ]);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
  });

  test('opens a pretrained model, and reads a picture in its page', async () => {
    const vectors = fileURLToPath(new URL('../../../vectors', import.meta.url));
    const { files } = JSON.parse(await readFile(join(vectors, 'front-ends', 'pictures.json'), 'utf8')) as {
      files: { name: string; file: string }[];
    };
    const picture = join(folder, 'a.jpg');
    await writeFile(picture, Buffer.from(files.find(({ name }) => name === 'JPEG')!.file, 'base64'));
    const args = ['open', join(vectors, 'hugging-face', 'vit'), picture, '--json'];
    const [inPage, inNode] = [await webgl(args), await heed(args)].map(events);
    expect(inPage!.map(({ event }) => event)).toEqual(['picture', 'result', 'map']);
    const weightsOf = (all: readonly object[]): readonly number[] => (all[2] as { weights: number[][] }).weights.flat();
    for (const [n, weight] of weightsOf(inPage!).entries()) expect(weight).toBeCloseTo(weightsOf(inNode!)[n]!, 4);
  });

  test('is held against the oracle, and written into a report', async () => {
    const out = join(folder, 'report.json');
    const outcome = await webgl(['conformance', '--group', 'heads', '--out', out, '--json']);
    expect(events(outcome).at(-1)).toMatchObject({ event: 'done', backend: 'webgl', engine: 'webgl', failed: 0 });
    expect(outcome.code).toBe(0);
    const report = JSON.parse(await readFile(out, 'utf8')) as { versions: object; cases: object[] };
    expect(report.versions).toMatchObject({
      core: expect.stringMatching(/^\d/),
      backend: expect.stringMatching(/^\d/),
      runtime: expect.stringContaining('Chrome'),
    });
    expect(report.cases.length).toBe(events(outcome).filter(({ event }) => event === 'case').length);
  });

  test("ONNX's cases are read in Node and run in the page", async () => {
    const onnx = join(import.meta.dirname, '../../../vectors/onnx/node');
    const id = 'test_attention_4d_gqa';
    const { code, stdout } = await webgl(['conformance', '--onnx', onnx, '--case', id]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^webgl: 1 passed/) });
  });

  test.each([
    ['rope', 13, []],
    ['torch', 5, ['mha-bias-kv', 'mha-key-mask-empty-row', 'decoder-layer-pre-gelu-masks', 'gru-packed', 'lm-lstm']],
    // Of each layer.
    [
      'keras/layers',
      4,
      ['additive_causal_tq_gt_tv', 'dot_concat_scale', 'dot_fully_masked/scores', 'mha_axes_2_cross_mask'],
    ],
    // Of each way in which a query without a key comes about.
    [
      'keras/layers',
      4,
      ['mha_mask_implicit_self', 'mha_causal_left_padding_softmax', 'mha_gate', 'gqa_fully_masked_fused'],
    ],
  ])("other people's numbers are read in Node and run in the page: %s, %i cases", async (name, cases, ids) => {
    const vectors = join(import.meta.dirname, '../../../vectors', name);
    const outcome = await webgl(['conformance', '--vectors', vectors, ...(ids.length > 0 ? ['--case', ...ids] : [])]);
    expect(outcome).toMatchObject({ code: 0, stdout: expect.stringMatching(new RegExp(`^webgl: ${cases} passed`)) });
  });

  test('attends over files, and writes them', async () => {
    await writeFile(join(folder, 'q.json'), '[[1, 0], [0, 1]]');
    const inputs = ['attend', '--query', 'q.json', '--row-labels', 'a,b', '--returns', 'weights'];
    const [here, there] = [
      ['--out', 'here.safetensors'],
      ['--out', 'there.safetensors'],
    ];
    const expected = await heed([...inputs, ...here, '--backend', 'cpu'], { cwd: folder });
    const outcome = await webgl([...inputs, ...there], { cwd: folder });
    expect(outcome).toEqual({ ...expected, stderr: expected.stderr.replace('here', 'there') });
    const [cpu, gpu] = await Promise.all(
      ['here', 'there'].map(async (name) => decodeSafetensors(await readFile(join(folder, `${name}.safetensors`)))),
    );
    gpu!.tensors['weights'].data.forEach((weight, n) => {
      expect(weight).toBeCloseTo(Number(cpu!.tensors['weights'].data[n]), 5);
    });
  });

  test('is timed', async () => {
    const outcome = await webgl(['bench', '--length', '4', '--heads', '1', '--width', '4', '--rounds', '1', '--json']);
    expect(events(outcome).map(({ event, backend }) => [event, backend])).toEqual([
      ['time', 'webgl'],
      ['time', 'webgl'],
      ['time', 'webgl'],
      ['done', undefined],
    ]);
  });

  const trainInNode = () => heed([...train('--max-time', '0.1s'), '--backend', 'cpu']);

  test('goes on with a run of another backend; Ctrl-C saves it', async () => {
    const { step: first } = events(await trainInNode()).at(-1) as { step: number };

    const stopped = await webgl(
      train('--resume'),
      at('progress', (child) => child.kill('SIGINT')),
    );
    expect(stopped.code).toBe(130);
    expect(events(stopped)[0]).toMatchObject({ event: 'start', backend: 'webgl', resumed: true, step: first });
    const { event, step, resume } = events(stopped).at(-1) as { event: string; step: number; resume: string };
    expect(event).toBe('interrupted');
    expect(step).toBeGreaterThan(first);
    expect(stopped.stderr).toContain('stopping after this step; once more ends it at once');
    expect(resume).toBe(`heed train g2p --out ${join(folder, 'run')} --backend webgl --browser ${BROWSER} --resume`);

    const again = await heed([...resume.split(' ').slice(1), '--max-time', '0.1s', '--json'], {
      env: { TMPDIR: temporary },
    });
    expect(events(again)[0]).toMatchObject({ resumed: true, step });
    expect(events(again).at(-1)).toMatchObject({ event: 'done', reason: 'max-seconds' });
    const files = (await readdir(join(folder, 'run'))).toSorted();
    expect(files).toEqual(['model.safetensors', 'run.json', 'training.safetensors']);
  });

  test('what a run says is said and measured', async () => {
    await trainInNode();
    const words = ['run', join(folder, 'run'), '--json'];
    const said = events(await webgl(words, { input: 'cat\n7\n\ndog' }));
    const expected = events(await heed([...words, '--backend', 'cpu'], { input: 'cat\n7\n\ndog' }));
    expect(said.map(({ event, input, output, code }) => ({ event, input, output, code }))).toEqual(
      expected.map(({ event, input, output, code }) => ({ event, input, output, code })),
    );
    const measured = await webgl(['eval', join(folder, 'run'), '--limit', '4', '--json']);
    expect(events(measured).at(-1)).toMatchObject({ event: 'done', examples: 4 });
  });

  test('a second signal ends it at once, and the browser with it', async () => {
    const { code, stderr } = await webgl(
      train(),
      at('progress', (child) => {
        child.kill('SIGINT');
        setTimeout(() => child.kill('SIGTERM'), 20);
      }),
    );
    expect(code).toBe(130);
    expect(stderr).not.toContain('saved at step');
  });

  const LONG = ['conformance', '--group', 'masks', '--json'];

  test('Ctrl-C ends what has nothing to save', async () => {
    const outcome = await webgl(
      LONG,
      at('case', (child) => child.kill('SIGINT')),
    );
    expect(outcome.code).toBe(130);
    // On a busy machine it may have said how far it is.
    expect(outcome.stderr.replaceAll(/^.* left\n/gm, '')).toBe('');
  });

  test('a reader that goes away ends it quietly', async () => {
    const outcome = await webgl(LONG, { onOutput: (child) => child.stdout!.destroy() });
    expect(outcome).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/error|EPIPE/i) });
  });

  test.runIf(process.platform === 'linux').each([
    ['the browser', undefined, 'BACKEND_LOST', 'the page ended before its work'],
    ['its page', 'renderer', 'BACKEND_LOST', 'the page ended before its work'],
    ['its GPU process', 'gpu-process', 'CONTEXT_LOST', 'taken the GPU away'],
  ])('one clear error, and no process is left, when %s dies', async (_, type, code, message) => {
    let pids: number[] = [];
    const outcome = await webgl(
      LONG,
      at('case', (child) => {
        pids = descendants(child);
        for (const pid of type === undefined ? pids.slice(0, 1) : pids.filter((one) => isType(one, type))) {
          process.kill(pid, 'SIGKILL');
        }
      }),
    );
    expect(outcome.code).toBe(1);
    expect(events(outcome).at(-1)).toMatchObject({ event: 'error', code, message: expect.stringContaining(message) });
    expect(outcome.stderr).toMatch(/^error .*\nhint: .*\n$/m);
    expect(pids.length).toBeGreaterThan(2);
    await expect.poll(() => pids.filter(isRunning)).toEqual([]);
  });
});

describe('where there is no browser', () => {
  const attempt = (args: readonly string[], env: Settings['env'] = {}): Promise<Outcome> =>
    heed(['run', 'nowhere', 'cat', '--backend', 'webgl', ...args], { env: { TMPDIR: temporary, ...env } });

  async function program(text: string): Promise<void> {
    await writeFile(join(folder, 'browser'), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, 'browser'), 0o755);
  }

  test('it is exit 4, and what to install', async () => {
    const { code, stdout, stderr } = await attempt([], { PATH: folder, CHROME_PATH: '' });
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(
      /^error BACKEND_UNAVAILABLE: .* none was found\nhint: install Chrome or Chromium .*--browser/,
    );
  });

  test.each([
    ['a file that is none', async () => writeFile(join(folder, 'browser'), ''), 'is no program'],
    ['nothing', async () => {}, 'is no program'],
    ['a folder', async () => mkdir(join(folder, 'browser')), 'is no program'],
    ['a program that is none', () => program('exit 1'), "didn't start as one: exitCode=1"],
    [
      'one that complains',
      () => program('echo "no such library" >&2; exit 127'),
      "didn't start as one: no such library",
    ],
  ])('%s in its place is exit 4', async (_, make, message) => {
    await make();
    const browser = join(folder, 'browser');
    for (const outcome of [await attempt(['--browser', browser]), await attempt([], { CHROME_PATH: browser })]) {
      expect(outcome).toMatchObject({ code: 4, stderr: expect.stringContaining(message) });
      expect(outcome.stderr).toMatch(/^error BACKEND_UNAVAILABLE: [^\n]*\nhint: [^\n]*\n$/);
    }
  });

  test('backends says why', async () => {
    const outcome = await heed(['backends', '--browser', join(folder, 'nothing'), '--json'], {
      env: { TMPDIR: temporary },
    });
    expect(outcome.code).toBe(0);
    const event = events(outcome).find(({ name }) => name === 'webgl');
    expect(event).toMatchObject({ available: false, reasons: [expect.stringContaining('is no program')] });
    expect(event!['hint']).toContain('install Chrome or Chromium');
  });

  test('no other backend asks for one', async () => {
    const outcome = await heed(['run', 'nowhere', 'cat', '--backend', 'cpu', '--browser', 'x']);
    expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining('--browser is for --backend webgl') });
  });
});
