import { createRequire } from 'node:module';
import type { AttentionBackend, BackendFactory } from '@heed/core';
import type { BackendFlag } from './flags.js';
import { suggest } from './suggest.js';
import { UsageError } from './usage-error.js';

interface Entry {
  readonly description: string;
  /** Where it comes from. */
  readonly package: string;
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
};

export const BACKEND_NAMES: readonly string[] = Object.keys(BACKENDS);

export function describeBackend(name: string): string {
  return entryOf(name).description;
}

/** The installed versions of core and of the backend's package. */
export function versionsOf(name: string): { core: string; backend: string } {
  const require = createRequire(import.meta.url);
  const version = (of: string): string => (require(`${of}/package.json`) as { version: string }).version;
  return { core: version('@heed/core'), backend: version(entryOf(name).package) };
}

/** @throws UsageError for an unknown name */
export async function loadBackend(name: string, settings: BackendSettings = {}): Promise<BackendFactory> {
  const entry = entryOf(name);
  await silenceTensorFlow();
  return entry.load(settings);
}

/** The name of the best backend that can run here; the first name of all where none can, so that its reason comes up. */
export async function bestBackend(): Promise<string> {
  for (const name of BACKEND_NAMES) {
    if ((await (await loadBackend(name)).unavailableReasons()).length === 0) return name;
  }
  return BACKEND_NAMES[0]!;
}

/**
 * Selects the named backend, or the best that can run here.
 *
 * @throws HeedError BACKEND_UNAVAILABLE
 */
export async function useBackend({ backend: name, threads }: BackendFlag): Promise<AttentionBackend> {
  const names = name === undefined ? BACKEND_NAMES : [name];
  const factories = await Promise.all(names.map((one) => loadBackend(one, { threads })));
  const { selectBackend } = await import('@heed/core');
  return selectBackend(factories);
}

function entryOf(name: string): Entry {
  if (!Object.hasOwn(BACKENDS, name)) {
    throw new UsageError(`there is no backend ${JSON.stringify(name)}`, suggest(name, BACKEND_NAMES));
  }
  return BACKENDS[name]!;
}

/** Its advice to install another package would land among the output. */
async function silenceTensorFlow(): Promise<void> {
  const { enableProdMode } = await import('@tensorflow/tfjs-core');
  enableProdMode();
}
