import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from './load-config.js';

let folder: string;
const { console } = globalThis;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'heed-config-'))));
afterAll(async () => {
  globalThis.console = console;
  await rm(folder, { recursive: true });
});

let count = 0;

/** Loads a configuration of that source. */
async function load(source: string, extension = 'mjs'): ReturnType<typeof loadConfig> {
  const path = join(folder, `${count++}.${extension}`);
  await writeFile(path, source);
  return loadConfig({ path, shown: 'heed.config', isNamed: true });
}

describe('what is wrong with a configuration is told in one error', () => {
  const BACKEND = "{ name: 'mine', unavailableReasons: async () => [], create: async () => {} }";

  test.each([
    ['a slip of syntax', 'export default {', /./],
    ['what it throws', "throw new Error('no luck')", 'no luck'],
    ['thrown nothing', 'throw undefined', /./],
    ['thrown nonsense', 'throw { toString() { throw 1; } }', 'says nothing'],
    ['a package that is missing', "import 'not-installed-anywhere'", 'not-installed-anywhere'],
    ['no default export', 'export const backends = []', 'no default export'],
    ['a function', 'export default () => ({})', 'is a function'],
    ['a promise', 'export default Promise.resolve({})', 'is a promise'],
    ['a text', "export default 'wasm'", 'wasm'],
    ['null', 'export default null', 'null'],
    ['a list', 'export default []', /./],
    ['an unknown field', 'export default { backend: [] }', /'backend'.*\nhint: did you mean 'backends'/],
    ['no list', 'export default { tasks: {} }', 'tasks'],
    ['no object', 'export default { mechanisms: [3] }', 'mechanisms.0 is 3'],
    ['no backend', "export default { backends: [{ name: 'mine' }] }", 'backends[0]: unavailableReasons is missing'],
    ['a function for a backend', 'export default { backends: [() => ({})] }', 'backends'],
    ['no mechanism', "export default { mechanisms: [{ kind: 'x' }] }", 'mechanisms[0]: title is missing'],
    ['no task', "export default { tasks: [{ name: 'x', networks: 'all' }] }", /tasks\[0\]: networks is/],
    ['no network', "export default { networks: [{ kind: 'x' }] }", 'networks[0]: parse is missing'],
    ['a name that nobody can type', "export default { backends: [{ name: 'a b' }] }", 'a name is made of'],
    ['a kind in another case', "export default { mechanisms: [{ kind: 'a-b' }] }", 'camel case'],
    [
      'a backend of a page',
      "export default { backends: [{ name: 'a', description: 'b', runsIn: 'page', load() {} }] }",
      'runs in Node',
    ],
    ["one of Heed's names", `export default { backends: [{ ...${BACKEND}, name: 'wasm' }] }`, 'as one of Heed'],
    ['one name twice', `export default { backends: [${BACKEND}, ${BACKEND}] }`, 'backends[0] and backends[1] are both'],
    ['a getter that throws', "export default { get tasks() { throw new Error('hidden') } }", 'hidden'],
    [
      'an entry whose getter throws',
      "export default { backends: [{ get name() { throw new Error('hidden') } }] }",
      'hidden',
    ],
    [
      'a preset of no network',
      task("presets: { a: { title: 'A', model: { kind: 'y' }, training: {} } }"),
      /preset "a" is of network "y"/,
    ],
    ['a plain preset that isn’t there', task("plain: 'b'"), 'plain is "b"'],
    ["a task called as what isn't one", task("name: 'use'"), 'as one of Heed'],
  ])('%s', async (_, source, message) => {
    const error: unknown = await load(source).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(/^heed\.config: /) });
    const text = (error as Error).message.replace('. Hint: ', '\nhint: ');
    if (message instanceof RegExp) expect(text).toMatch(message);
    else expect(text).toContain(message);
  });
});

/** A task that is right but for some fields. */
function task(fields: string): string {
  return `const call = () => {};
    const network = { kind: 'x', parse: call, create: call, items: call, lengths: call, validate: call };
    export default { tasks: [{
      name: 'mine', networks: [network], title: 'T', description: 'D', limits: [], unit: 'things', example: '',
      multiline: false, options: [], metrics: [], baselines: [],
      presets: { a: { title: 'A', model: { kind: 'x' }, training: {} } },
      load: call, configure: call, judge: call, outcomes: call, figures: call,
      parse: call, write: call, expected: call, answer: call,
      ${fields}
    }] };`;
}

describe('a configuration that is right', () => {
  test('brings what it says, besides what Heed has', async () => {
    const { backends, brought } = await load(`${task('')}`);
    expect(brought.tasks.map(({ name }) => name)).toEqual(['mine']);
    expect(backends.names).toContain('wasm');
  });

  test.each([
    ['ts', 'const list: readonly never[] = []; export default { backends: list } satisfies object;'],
    ['ts', 'await Promise.resolve(); export default {};'],
    ['cjs', 'module.exports = {};'],
    ['cjs', 'exports.__esModule = true; exports.default = {};'],
  ])('may be %s: %s', async (extension, source) => {
    expect((await load(source, extension)).brought).toMatchObject({ backends: [], mechanisms: [], tasks: [] });
  });
});
