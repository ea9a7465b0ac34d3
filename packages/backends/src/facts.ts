import type { BackendFacts } from './backend-facts.js';

/**
 * Every backend of Heed, the best first. How each is loaded stands in `loaders.ts`: a page whose workers compute reads this
 * list, and must not be given files of backends that it never loads itself.
 */
export const FACTS = [
  {
    name: 'wasm',
    package: '@heed/backend-wasm',
    description: 'SIMD kernels in the heap of the TensorFlow.js wasm engine',
    runsIn: 'anywhere',
    settings: {
      threads: { kind: 'whole number', least: 1, most: 64, otherwise: 'those of the machine, at most 8' },
      allThreads: { kind: 'switch' },
    },
  },
  {
    name: 'webgl',
    package: '@heed/backend-webgl',
    description: 'shaders on the TensorFlow.js webgl engine',
    runsIn: 'page',
    settings: {},
  },
  {
    name: 'webgpu',
    package: '@heed/backend-webgpu',
    description: 'compute shaders on the TensorFlow.js webgpu engine',
    runsIn: 'page',
    inNodeBy: 'webgpu',
    settings: { software: { kind: 'switch' } },
  },
  {
    name: 'cpu',
    package: '@heed/backend-cpu',
    description: 'TypeScript kernels on the TensorFlow.js cpu engine',
    runsIn: 'anywhere',
    settings: {},
  },
] as const satisfies readonly BackendFacts[];

/** The name of a backend of Heed. */
export type BackendName = (typeof FACTS)[number]['name'];

/** The same backends with those first that run everywhere: in this order they are listed, and take turns. */
export function anywhereFirst<Backend extends Pick<BackendFacts, 'runsIn'>>(list: readonly Backend[]): Backend[] {
  return [...list.filter(({ runsIn }) => runsIn === 'anywhere'), ...list.filter(({ runsIn }) => runsIn === 'page')];
}

export type { BackendFacts, BackendSettings, WholeNumberSetting } from './backend-facts.js';
