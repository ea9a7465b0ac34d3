import type { MechanismDefinition } from '@heed/attention';
import { MECHANISM_FACTS, type MechanismFacts } from '@heed/attention/facts';
import type { Backend } from '@heed/backends';
import type { Family } from '@heed/hugging-face';
import type { LayerClass } from '@heed/keras';
import type { Network } from '@heed/nn';
import type { Task } from '@heed/tasks';
import { BACKENDS, type Backends } from './backends.js';
import type { ConfigFile } from './config/find-config.js';

/** Everything that commands find by a name: what Heed has, and what a configuration file brings. */
export interface Catalog {
  readonly backends: Backends;
  /** What can be known of the mechanisms without TensorFlow.js, for help texts and flags. */
  readonly mechanisms: readonly MechanismFacts[];
  /** The part of it that isn't Heed's. */
  readonly brought: Brought;
}

/** What a configuration file brings, checked; nothing without a file. */
export interface Brought {
  readonly file?: ConfigFile;
  readonly backends: readonly Backend[];
  readonly mechanisms: readonly MechanismDefinition[];
  readonly tasks: readonly Task<Network>[];
  readonly networks: readonly Network[];
  readonly layers: readonly LayerClass[];
  readonly families: readonly Family[];
}

/** What Heed has, alone. */
export const OWN: Catalog = {
  backends: BACKENDS,
  mechanisms: MECHANISM_FACTS,
  brought: { backends: [], mechanisms: [], tasks: [], networks: [], layers: [], families: [] },
};
