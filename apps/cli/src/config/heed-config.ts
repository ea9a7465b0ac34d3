import type { MechanismDefinition } from '@heed/attention';
import type { Backend } from '@heed/backends';
import type { BackendFactory } from '@heed/core';
import type { Family } from '@heed/hugging-face';
import type { LayerClass } from '@heed/keras';
import type { Network } from '@heed/nn';
import type { Task } from '@heed/tasks';

/** The default export of `heed.config.ts`: what the commands are to know besides what Heed has. All names must be new ones. */
export interface HeedConfig {
  /** Backends for `--backend`: a factory, or an entry with a description and settings around one that is loaded when it is used. */
  readonly backends?: readonly (BackendFactory | Backend)[];
  /** Mechanisms for `--attention` and `--mechanism`, by their kind. */
  readonly mechanisms?: readonly MechanismDefinition[];
  /** Tasks for `heed train`, with the networks that learn them. */
  readonly tasks?: readonly Task<Network>[];
  /** Networks that runs may be of, besides those that the tasks name. */
  readonly networks?: readonly Network[];
  /** Layers of Keras models for `heed keras`: classes that extend `KerasLayer` of `@heed/keras`, by their `className`. */
  readonly layers?: readonly LayerClass[];
  /** Families of pretrained models for `heed open` and `heed train --from`, by the classes that they name. */
  readonly families?: readonly Family[];
}
