import { describe, expect, test } from 'vitest';
import { inspect } from './inspect.js';
import { link } from './link.js';
import { load, withPlainErrors } from './load-module.js';

// Node imports no addresses of blobs.
const addressOf = (text: string): string => `data:text/javascript,${encodeURIComponent(text)}`;
const loading = (text: string) => withPlainErrors(() => load(text, addressOf));

const CAPABILITIES = `{ skips: [], simd: 'none', threads: 1, floatBits: 32, accumulatorBits: 32, deterministic: true, replaces: [], notes: [] }`;
const FACTORY = `{
  name: 'mine',
  unavailableReasons: async () => { await import('@tensorflow/tfjs-backend-cpu'); return []; },
  create: async () => ({
    specVersion: 1, name: 'mine', engine: 'cpu', kernels: {}, takes: {}, capabilities: ${CAPABILITIES}, dispose: async () => {},
  }),
}`;

describe('a module', () => {
  test.each([
    ['as default', `export default ${FACTORY}`],
    ['as what a default function makes', `export default () => (${FACTORY})`],
    ['as what it makes later', `export default async () => (${FACTORY})`],
    ['as its only export', `export const mine = () => (${FACTORY})`],
    ['as default among others', `export const other = 1; export default ${FACTORY}`],
  ])('gives its factory %s', async (_, text) => {
    expect(await inspect(await loading(text))).toMatchObject({ name: 'mine', engine: 'cpu', takes: { ops: [] } });
  });

  test('has the page’s own packages, however it imports them', async () => {
    const text = `
      import * as tf from '@tensorflow/tfjs-core';
      import { HeedError, selectBackend as select } from "@heed/core";
      const { engine } = await import('@tensorflow/tfjs-core');
      export default { ...(${FACTORY}), name: String(engine === tf.engine && HeedError.name + typeof select) };`;
    expect((await loading(text)).name).toBe('HeedErrorfunction');
  });

  test.each([
    ['nothing', '', 'export', 'exports nothing'],
    ['several without a default', 'export const a = 1, b = 2;', 'export', 'exports a, b, and none of it as default'],
    ['a number', 'export default 7;', 'factory', "export 'default' is not the factory"],
    ['null', 'export default null;', 'factory', "export 'default' is not the factory"],
    ['a class', 'export default class {}', 'throws', 'Class constructor'],
    ['half a factory', "export default { name: 'x' };", 'factory', "export 'default' is not the factory"],
    ['no JavaScript', 'export default {', 'throws', ''],
    ['a syntax error', 'const a = ; export default a;', 'throws', 'SyntaxError'],
    ['an error', "throw new Error('no luck'); export default 1;", 'throws', 'no luck'],
    ['an error in what makes it', "export default () => { throw 'no luck'; };", 'throws', 'no luck'],
    [
      'what must be bundled',
      "import 'lodash'; export default 1;",
      'import',
      "imports 'lodash', which this page doesn't",
    ],
    ['another file', "import './kernels.js'; export default 1;", 'import', "imports './kernels.js'"],
    ['an address', "import('https://elsewhere.example/'); export default 1;", 'import', "imports 'https://elsewhere"],
    ['a trap', "export default { get name() { throw new Error('a trap'); } };", 'throws', 'a trap'],
    [
      'what can’t be told',
      'throw { get message() { throw 1; }, toString() { throw 2; } }; export default 1;',
      'throws',
      'it throws what can’t be shown',
    ],
  ])('with %s is refused, with a reason', async (_, text, problem, message) => {
    await expect(loading(text)).rejects.toMatchObject({
      code: 'BACKEND_INVALID',
      message: expect.stringContaining(message),
      details: { problem },
    });
  });
});

test('only the places of imports change: no text, comment or computed address', () => {
  const text = `
    import * as core from '@heed/core'; // from '@heed/core'
    const told = "import('@heed/core')", address = import.meta.url;
    export const later = () => [import('@heed/core'), import(address)];`;
  expect(link(text, new Map([['@heed/core', 'blob:a']]))).toBe(`
    import * as core from 'blob:a'; // from '@heed/core'
    const told = "import('@heed/core')", address = import.meta.url;
    export const later = () => [import("blob:a"), import(address)];`);
});
