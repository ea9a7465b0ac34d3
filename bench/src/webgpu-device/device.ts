/// <reference lib="dom" />
import * as tf from '@tensorflow/tfjs-core';

/** What a figure has to say of where it was measured. */
export interface DeviceFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** Whether it computes on the processor. */
  readonly isSoftware: boolean;
  readonly limits: Readonly<Record<(typeof LIMITS)[number], number>>;
}

const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

/** Of the device that TensorFlow.js's webgpu engine, which is in use, computes on. */
export function deviceInUse(): DeviceFacts {
  const { device } = tf.backend() as unknown as { readonly device: GPUDevice };
  const { vendor, architecture, device: name, description, isFallbackAdapter } = device.adapterInfo;
  return {
    vendor,
    architecture,
    device: name,
    description,
    isSoftware: isFallbackAdapter,
    limits: Object.fromEntries(LIMITS.map((limit) => [limit, device.limits[limit]])) as DeviceFacts['limits'],
  };
}
