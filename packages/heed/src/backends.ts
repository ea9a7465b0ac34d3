import type { BackendFactory } from '@heed/core';

/** How each backend is loaded: by an import of its own, so that bundlers put it in a file that only its user loads. */
const LOADERS = {
  wasm: async () => (await import('@heed/backend-wasm')).wasm(),
  webgl: async () => (await import('@heed/backend-webgl')).webgl(),
  cpu: async () => (await import('@heed/backend-cpu')).cpu(),
} satisfies Readonly<Record<string, () => Promise<BackendFactory>>>;

export type BackendName = keyof typeof LOADERS;

/** The backends that come with this package, in the order in which `ready` tries them. */
export const BACKENDS = Object.keys(LOADERS) as readonly BackendName[];

/** A backend that isn't loaded before someone asks whether it can run; a load that fails is the reason why it can't. */
export function lazy(name: BackendName): BackendFactory {
  return {
    name,
    unavailableReasons: async () => (await LOADERS[name]()).unavailableReasons(),
    create: async () => (await LOADERS[name]()).create(),
  };
}
