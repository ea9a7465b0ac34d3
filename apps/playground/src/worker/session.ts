import * as tf from '@tensorflow/tfjs-core';
import { BACKENDS, findBackend } from '@heed/backends';
import { declarationOf, selectBackend, type AttentionBackend, type BackendFactory } from '@heed/core';
import type { BackendName, Status } from '../engine/jobs.js';

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

export const factoryOf = (name: BackendName): Promise<BackendFactory> => findBackend(name, BACKENDS).load({});

export async function statusOf(name: BackendName): Promise<Status> {
  const backend = await useBackend(name);
  const { engine, capabilities } = backend;
  const { numTensors, numBytes } = tf.memory();
  return { name, engine, takes: declarationOf(backend), capabilities, tensors: numTensors, bytes: numBytes };
}
