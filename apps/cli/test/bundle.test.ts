import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { LINKED, MAIN, events, heed, type Settings } from './heed.js';

const PLUGIN = fileURLToPath(new URL('./plugin', import.meta.url));
const linked = (args: readonly string[], settings: Settings = {}) => heed(args, { ...settings, file: LINKED });

describe('the bundle, which package managers link', () => {
  test.each([
    ['help', 0, ['--help']],
    ['a version, from the package', 0, ['--version']],
    ['a mistake', 2, ['trian']],
    ['a mistake in the configuration', 2, ['--config', 'nowhere.ts', 'tasks']],
    ['a shipped model', 0, ['run', 'g2p', 'attending', '--backend', 'cpu']],
    ['a search with several hypotheses', 0, ['run', 'translate', 'fr: Open Folder', '--beam', '2', '--no-maps']],
    ['data of a package', 0, ['data', 'names', '--json']],
    ['versions of packages', 0, ['conformance', '--backend', 'cpu', '--case', 'masks/dot/causal-top-left', '--json']],
    ['a thread of its own, for the reference', 0, ['compare', 'g2p', '--words', '1', '--backends', 'cpu', '--json']],
  ])('says the same as the modules: %s', async (_, code, args) => {
    const plain = await heed(args, { file: MAIN });
    const bundled = await linked(args);
    expect(bundled.code).toBe(code);
    expect(withoutTimes(bundled.stdout)).toBe(withoutTimes(plain.stdout));
    expect(withoutTimes(bundled.stderr)).toBe(withoutTimes(plain.stderr));
  });

  test('takes the modules where a configuration brings parts made with them', async () => {
    for (const settings of [{ cwd: PLUGIN }, { args: ['--config', `${PLUGIN}/heed.config.ts`] }]) {
      const { args = [], ...rest } = { args: [], ...settings };
      const { code, stdout } = await linked([...args, 'tasks', '--json'], rest);
      expect(code).toBe(0);
      expect(events({ code, stdout, stderr: '' })).toContainEqual(expect.objectContaining({ name: 'letters' }));
    }
  });

  test('reads few files for a short command, and nothing that only others need', async () => {
    const files = async (args: readonly string[]): Promise<string[]> => {
      const { stderr } = await linked(args, { node: ['--import', TELL_LOADED] });
      return stderr.split('\n').filter((line) => line.startsWith('file:'));
    };
    const help = await files(['--help']);
    const run = await files(['run', 'g2p', 'attending', '--backend', 'wasm']);
    expect(help.some((file) => file.includes('/dist/bundle/'))).toBe(true);
    expect(help.length).toBeLessThan(40);
    expect(run.length).toBeLessThan(100);
    expect(run.filter((file) => !file.includes('/apps/cli/'))).toEqual([]);
  });
});

/** A hook of Node's that tells each module on standard error. */
const TELL_LOADED = `data:text/javascript,${encodeURIComponent(
  `import { register } from 'node:module';
  register('data:text/javascript,' + encodeURIComponent(
    'export function load(url, context, next) { process._rawDebug(url); return next(url, context); }'));`,
)}`;

/** Durations and moments differ from run to run, and with them how often a bar is drawn. */
const withoutTimes = (text: string): string =>
  text
    .replaceAll(/"(?:seconds|ms|startedAt)":("[^"]*"|[\d.e-]+)/g, '"time":0')
    .replaceAll(/^[█░]+ .*\n?/gm, '')
    .trimEnd();
