import { declarationOf, selectBackend, type BackendFactory } from '@heed/core';
import type { ForeignFacts } from '../jobs.js';

/**
 * Facts about a backend, which is selected for that and disposed.
 *
 * @throws HeedError BACKEND_UNAVAILABLE, BACKEND_INVALID
 */
export async function inspect(factory: BackendFactory): Promise<ForeignFacts> {
  const backend = await selectBackend(factory);
  try {
    const { name, engine, capabilities } = backend;
    return { name, engine, takes: declarationOf(backend), capabilities };
  } finally {
    await backend.dispose();
  }
}
