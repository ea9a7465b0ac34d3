import * as tf from '@tensorflow/tfjs-core';
import { declarationOf, selectBackend, type AttentionBackend, type BackendFactory } from '@heed/core';
import type { BackendName, Status } from '../engine/jobs.js';

/** Loaders of the backends, each of which is loaded when it is first asked for. */
const FACTORIES: Readonly<Record<BackendName, () => Promise<BackendFactory>>> = {
  wasm: async () => (await import('@heed/backend-wasm')).wasm(),
  cpu: async () => (await import('@heed/backend-cpu')).cpu(),
  webgl: async () => (await import('@heed/backend-webgl')).webgl(),
};

tf.enableProdMode();

let current: { readonly name: BackendName; readonly backend: AttentionBackend } | undefined;
const leaving = new Set<() => void>();

/** Registers a function that frees tensors before another backend is selected: a tensor belongs to the engine it was made on. */
export function beforeSwitch(free: () => void): void {
  leaving.add(free);
}

/**
 * Selects a backend.
 *
 * @throws HeedError BACKEND_UNAVAILABLE
 */
export async function useBackend(name: BackendName): Promise<AttentionBackend> {
  if (current?.name === name) return current.backend;
  await leaveBackend();
  const backend = await selectBackend(await factoryOf(name));
  current = { name, backend };
  return backend;
}

/** Disposes the backend in use, so that others can be selected for a while. */
export async function leaveBackend(): Promise<void> {
  for (const free of leaving) free();
  await current?.backend.dispose();
  current = undefined;
}

export const factoryOf = (name: BackendName): Promise<BackendFactory> => FACTORIES[name]();

export async function statusOf(name: BackendName): Promise<Status> {
  const backend = await useBackend(name);
  const { engine, capabilities } = backend;
  const { numTensors, numBytes } = tf.memory();
  return { name, engine, takes: declarationOf(backend), capabilities, tensors: numTensors, bytes: numBytes };
}
