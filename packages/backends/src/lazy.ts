import type { BackendFactory } from '@heed/core';
import type { Backend } from './backend.js';
import type { BackendSettings } from './backend-facts.js';

/** A factory that loads its backend when somebody asks whether it can run; a load that fails is the reason why it can't. */
export function lazy({ name, load }: Pick<Backend, 'name' | 'load'>, settings: BackendSettings = {}): BackendFactory {
  return {
    name,
    unavailableReasons: async () => (await load(settings)).unavailableReasons(),
    create: async () => (await load(settings)).create(),
  };
}
