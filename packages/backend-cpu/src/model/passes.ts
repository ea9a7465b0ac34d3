import type { ModelKernels, ModelOpName } from '@heed/core/model-ops';
import type { CpuEngine } from '../engine.js';

/** Makes both passes of a model op over an engine's tensors. */
export type Passes<Name extends ModelOpName> = (engine: CpuEngine) => Required<NonNullable<ModelKernels[Name]>>;
