import { BACKENDS as LIST, findBackend, lazy, type BackendName } from '@heed/backends';
import type { BackendFactory } from '@heed/core';

/** The backends that come with this package, in the order in which `ready` tries them. */
export const BACKENDS: readonly BackendName[] = LIST.map(({ name }) => name);

/** Loaded when somebody asks whether it can run. */
export const factoryOf = (name: BackendName): BackendFactory => lazy(findBackend(name, LIST));

export type { BackendName };
