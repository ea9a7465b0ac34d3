import { webgpu } from '@heed/backend-webgpu';
import type { BackendFactory } from '@heed/core';
import { create, globals } from 'webgpu';

Object.assign(globalThis, globals);

/** The webgpu backend on Dawn, which brings WebGPU to Node. */
export const onDawn: BackendFactory = webgpu({ gpu: create([]) });
