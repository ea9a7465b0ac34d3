import { webgpu } from '@heed/backend-webgpu';
import type { BackendFactory } from '@heed/core';

/**
 * The webgpu backend on Dawn, which brings WebGPU to Node; without a graphics card, on the driver that Chromium brings along. Memory of
 * workgroups isn't cleared there, so that a kernel that read what it hasn't written would show.
 */
export const onDawn: BackendFactory = webgpu({ software: true });
