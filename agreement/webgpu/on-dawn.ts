import { webgpu } from '@heed/backend-webgpu';
import type { BackendFactory } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * The webgpu backend on Dawn, which brings WebGPU to Node; without a graphics card, on the driver that Chromium brings along. Memory of
 * workgroups isn't cleared there, so that a kernel that read what it hasn't written would show.
 */
export const onDawn: BackendFactory = webgpu({ software: true });

/** The device of TensorFlow.js's engine in use. */
export const device = (): GPUDevice => (tf.backend() as unknown as { readonly device: GPUDevice }).device;
