import type { AttentionBackend, BackendFactory } from '@heed/core';
import type { BackendFlag } from './flags.js';
import { suggest } from './suggest.js';
import { UsageError } from './usage-error.js';

interface Entry {
  readonly description: string;
  /** Where it comes from. */
  readonly package: string;
  /** Runs in a page of a browser, and only when it is asked for by name. */
  readonly inPage?: true;
  readonly hasThreads?: true;
  readonly load: (settings: BackendSettings) => Promise<BackendFactory>;
}

export interface BackendSettings {
  /** How many threads, for backends that have some. */
  readonly threads?: number;
  /** Whether all threads take part in problems of any size, which is slower for small ones. */
  readonly allThreads?: boolean;
}

/** Every backend by name, the best first. Nothing is loaded before it is asked for. */
const BACKENDS: Readonly<Record<string, Entry>> = {
  wasm: {
    description: 'SIMD kernels in the heap of the TensorFlow.js wasm engine',
    package: '@heed/backend-wasm',
    hasThreads: true,
    load: async ({ threads, allThreads }) => {
      const { wasm } = await import('@heed/backend-wasm');
      return wasm({ threads, threadsFrom: allThreads ? 0 : undefined });
    },
  },
  cpu: {
    description: 'TypeScript kernels on the TensorFlow.js cpu engine',
    package: '@heed/backend-cpu',
    load: async () => (await import('@heed/backend-cpu')).cpu(),
  },
  composed: {
    description: 'no kernels: every op composed of TensorFlow.js ops on its cpu engine',
    package: '@heed/core',
    load: async () => {
      const { composed } = await import('@heed/core');
      return composed({ engine: 'cpu', load: () => import('@tensorflow/tfjs-backend-cpu') });
    },
  },
  webgl: {
    description: 'shaders on the TensorFlow.js webgl engine, in an installed Chrome or Chromium',
    package: '@heed/backend-webgl',
    inPage: true,
    load: async () => (await import('@heed/backend-webgl')).webgl(),
  },
};

export const BACKEND_NAMES: readonly string[] = Object.keys(BACKENDS);

/** Those that run in this process. */
export const NODE_BACKENDS = BACKEND_NAMES.filter((name) => !BACKENDS[name].inPage);

/** @throws UsageError for an unknown name */
export const runsInPage = (name: string): boolean => entryOf(name).inPage === true;

export function describeBackend(name: string): string {
  return entryOf(name).description;
}

/** The npm package it comes from. */
export const packageOf = (name: string): string => entryOf(name).package;

/** @throws UsageError for an unknown name */
export async function loadBackend(name: string, settings: BackendSettings = {}): Promise<BackendFactory> {
  const entry = entryOf(name);
  await silenceTensorFlow();
  return entry.load(settings);
}

/** @throws UsageError for flags that the named backend has no use for */
export function checkBackend({ backend, threads, browser }: BackendFlag): void {
  if (browser !== undefined && (backend === undefined || !runsInPage(backend)))
    throw new UsageError('--browser is for --backend webgl');
  if (threads !== undefined && backend !== undefined && entryOf(backend).hasThreads !== true)
    throw new UsageError(`--threads is for --backend wasm, and ${backend} has none to choose`);
}

/** The name of the best backend that can run in this process; the first one where none can, so that its reason comes up. */
export async function bestBackend(): Promise<string> {
  for (const name of NODE_BACKENDS) {
    if ((await (await loadBackend(name)).unavailableReasons()).length === 0) return name;
  }
  return NODE_BACKENDS[0];
}

/**
 * Selects the named backend, or the best that can run here.
 *
 * @throws HeedError BACKEND_UNAVAILABLE
 */
export async function useBackend({ backend: name, threads }: BackendFlag): Promise<AttentionBackend> {
  const names = name === undefined ? NODE_BACKENDS : [name];
  const factories = await Promise.all(names.map((one) => loadBackend(one, { threads })));
  const { selectBackend } = await import('@heed/core');
  return selectBackend(factories);
}

function entryOf(name: string): Entry {
  if (!Object.hasOwn(BACKENDS, name)) {
    throw new UsageError(`there is no backend ${JSON.stringify(name)}`, suggest(name, BACKEND_NAMES));
  }
  return BACKENDS[name];
}

/** Its advice to install another package would land among the output. */
async function silenceTensorFlow(): Promise<void> {
  const { enableProdMode } = await import('@tensorflow/tfjs-core');
  enableProdMode();
}
