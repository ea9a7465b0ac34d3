import * as tf from '@tensorflow/tfjs-core';
import { declarationOf, selectBackend, type AttentionBackend, type BackendFactory } from '@heed/core';
import type { BackendName, Status } from '../engine/jobs.js';

/** Every backend, loaded when it is asked for. */
const FACTORIES: Readonly<Record<BackendName, () => Promise<BackendFactory>>> = {
  wasm: async () => (await import('@heed/backend-wasm')).wasm(),
  cpu: async () => (await import('@heed/backend-cpu')).cpu(),
  webgl: async () => (await import('@heed/backend-webgl')).webgl(),
};

tf.enableProdMode();

let current: { readonly name: BackendName; readonly backend: AttentionBackend } | undefined;
const leaving = new Set<() => void>();

/** Called before another backend is selected: tensors stay on the engine that they were made on. */
export function beforeSwitch(free: () => void): void {
  leaving.add(free);
}

/** @throws HeedError BACKEND_UNAVAILABLE */
export async function useBackend(name: BackendName): Promise<AttentionBackend> {
  if (current?.name === name) return current.backend;
  await leaveBackend();
  const backend = await selectBackend(await factoryOf(name));
  current = { name, backend };
  return backend;
}

/** Frees the backend in use, so that others may be selected for a while. */
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
