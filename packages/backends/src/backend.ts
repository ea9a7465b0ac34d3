import type { BackendFactory } from '@heed/core';
import type { BackendFacts } from './backend-facts.js';
import { FACTS, type BackendName } from './facts.js';
import { LOADERS, type Loader } from './loaders.js';

/** A backend that can be chosen by its name and loaded. */
export interface Backend<Name extends string = string> extends BackendFacts {
  readonly name: Name;
  readonly load: Loader;
}

/** Every backend of Heed, the best first. Nothing of one is loaded before it is asked for. */
export const BACKENDS: readonly Backend<BackendName>[] = FACTS.map((facts) =>
  Object.assign({ load: LOADERS[facts.name] }, facts),
);

/** Somebody's own backend as a member of such a list; it runs where its factory was made. */
export function ownBackend(factory: BackendFactory): Backend {
  return {
    name: factory.name,
    description: 'a backend of your own',
    runsIn: 'anywhere',
    settings: {},
    load: () => Promise.resolve(factory),
  };
}
