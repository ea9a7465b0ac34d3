import { webgpu } from '@heed/backend-webgpu';
import type { BackendFactory } from '@heed/core';
import { create, globals } from 'webgpu';

Object.assign(globalThis, globals);

/**
 * A workgroup's memory isn't cleared: the software driver compiles an instruction for each number, seconds for a kernel. A kernel that read
 * what it hasn't written would show, too.
 */
const FEATURES = 'enable-dawn-features=allow_unsafe_apis,disable_workgroup_init';

/** The webgpu backend on Dawn, which brings WebGPU to Node. */
export const onDawn: BackendFactory = webgpu({ gpu: create([FEATURES]) });
