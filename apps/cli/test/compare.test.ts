import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BROWSER } from './browser.js';
import { events, heed, temporaryFolder, type Outcome } from './heed.js';

const CASE = 'masks/dot/causal-top-left';
const compare = (...args: string[]): Promise<Outcome> => heed(['compare', ...args, '--json']);

describe('a case of the conformance suite', () => {
  test('every output of every backend, against the oracle and against each other', async () => {
    const outcome = await compare(CASE, '--backends', 'cpu,wasm');
    const [problem, ...rest] = events(outcome);
    expect(problem).toMatchObject({ event: 'problem', against: expect.stringContaining('float64 oracle') });
    const differences = rest.filter(({ event }) => event === 'difference');
    const of = (backend: string, against: string) =>
      differences.filter((one) => one['backend'] === backend && one['against'] === against);
    const outputs = ['context', 'weights', 'logSumExp', 'dQuery', 'dKey', 'dValue'];
    for (const list of [of('cpu', 'reference'), of('wasm', 'reference'), of('cpu', 'wasm')]) {
      expect(list.map(({ output }) => output)).toEqual(outputs);
    }
    expect(differences).toHaveLength(3 * outputs.length);
    for (const one of of('wasm', 'reference')) {
      expect(one).toMatchObject({ path: 'fused', passed: true, allowedUlps: 16 });
      expect(one['ulps']).toBeGreaterThan(0);
    }
    expect(rest.at(-1)).toMatchObject({ event: 'done', passed: true, failed: [] });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
  });

  test('for people, tables, maps and a verdict; the maps in a file', async () => {
    const out = join(await temporaryFolder(), 'maps.json');
    const { code, stdout, stderr } = await heed(['compare', CASE, '--out', out]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^case masks\/dot\/causal-top-left .*\nheld against .*oracle.*\nallowed: 16 spacings.*\n\nfrom the reference\n/,
    );
    expect(stdout).toMatch(/wasm \(fused\) +cpu \(fused\) +composed \(composed\)\n/);
    expect(stdout).toMatch(/wasm – cpu +wasm – composed +cpu – composed\n/);
    expect(stdout).toMatch(/^wasm: d?[A-Z]\w+ \[[\d,]+\], spacings off$/m);
    expect(stdout).toMatch(/wasm, cpu, composed agree; furthest off is .* spacings of 16 allowed\n$/);
    expect(stderr).toBe(`written to ${out}\n`);
    const { maps } = JSON.parse(await readFile(out, 'utf8')) as { maps: { title: string }[] };
    expect(new Set(maps.map(({ title }) => title.split(':')[0]))).toEqual(new Set(['wasm', 'cpu', 'composed']));
  });
});

describe('a model', () => {
  test('of a task: scores, weights, loss and every gradient; then as a run', async () => {
    const sizes = ['--words', '3', '--seed', '5'];
    const outcome = await compare('g2p', '--backends', 'cpu,wasm', ...sizes);
    const list = events(outcome);
    expect(list[0]).toMatchObject({
      title: expect.stringMatching(/^g2p: a new small model, general attention, seed 5, on 3 words: \S+ \S+ \S+$/),
      against: expect.stringContaining('in float64'),
      allowed: expect.stringContaining('moving every parameter by 16 spacings'),
    });
    const outputs = list.filter(({ backend, against }) => backend === 'wasm' && against === 'reference');
    expect(outputs.map(({ output }) => output)).toEqual(
      expect.arrayContaining(['logits', 'weights', 'loss', 'gradient/attention/memory_kernel', 'gradient/output/bias']),
    );
    for (const { passed, ulps, allowedUlps } of outputs as { passed: boolean; ulps: number; allowedUlps: number }[]) {
      expect(passed).toBe(true);
      expect(ulps).toBeLessThan(allowedUlps);
    }
    expect(outcome.code).toBe(0);

    const folder = join(await temporaryFolder(), 'run');
    await heed(['train', 'g2p', '--out', folder, '--steps', '2', '--batch-size', '2', '--attention', 'additive']);
    const trained = await compare(folder, '--backends', 'cpu,wasm', ...sizes);
    expect(events(trained)[0]['title']).toMatch(/: g2p after 2 steps, additive attention, on 3 words/);
    expect(events(trained).map(({ output }) => output)).toContain('gradient/attention/vector');
    expect(trained.code).toBe(0);
  });

  test.runIf(BROWSER !== undefined)('on webgl as well', async () => {
    const backends = ['--backends', 'cpu,wasm,webgl', '--browser', BROWSER!, '--words', '2'];
    const outcome = await compare('g2p', ...backends);
    expect(events(outcome).filter(({ backend }) => backend === 'webgl').length).toBeGreaterThan(20);
    expect(events(outcome).at(-1)).toMatchObject({ event: 'done', passed: true, failed: [] });
    expect(outcome.code).toBe(0);
  });
});

describe('what can’t be meant is exit 2', () => {
  test.each([
    [['g2q'], 'there is no problem "g2q"', 'did you mean g2p?'],
    [[`${CASE}t`], 'there is no problem', `did you mean ${CASE}?`],
    [['runs/nowhere'], 'there is no problem "runs/nowhere"', 'the folder of a run'],
    [['manifest/describes-itself'], 'has no numbers to compare', 'heed conformance --case'],
    [['g2p', '--backends', 'cpu,wasn'], 'there is no backend "wasn"', 'did you mean wasm?'],
    [['g2p', '--backends', 'cpu,cpu'], 'names cpu twice', undefined],
    [['g2p', '--attention', 'aditive'], 'no attention "aditive"', 'did you mean additive?'],
    [['qa'], 'qa has a memory model', 'g2p, dates, translate'],
    [[CASE, '--preset', 'small'], '--preset is for a new model', undefined],
    [[CASE, '--out', 'maps.gif'], 'maps.gif', '.svg'],
  ])('%j', async (args, message, hint) => {
    const outcome = await compare(...args);
    expect(outcome.code).toBe(2);
    const [error] = events(outcome) as { message: string; hint?: string }[];
    expect(error!.message).toContain(message);
    if (hint !== undefined) expect(error!.hint).toContain(hint);
  });

  test('a backend that can’t run is exit 4', async () => {
    const outcome = await compare(CASE, '--backends', 'cpu,webgl', '--browser', '/nowhere');
    expect(outcome).toMatchObject({ code: 4, stderr: expect.stringContaining('is no program') });
  });
});
