/// <reference lib="dom" />
import { ownGpu } from '#own-gpu';
import { unavailable, type Gpu, type GpuChoice } from './gpu.js';

export interface OpenDevice {
  readonly device: GPUDevice;
  readonly adapter: GPUAdapter;
  /** What opened the adapter: in Node it takes the device with it when it is collected as garbage. */
  readonly gpu: Gpu;
}

/** Limits that programs of the engine, or of this package, make use of where a device has more than WebGPU promises. */
const LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxBufferSize',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

/** The engine measures times by it, where there is one. */
const TIMES: GPUFeatureName = 'timestamp-query';

/**
 * The adapter that computes fastest, or where there is none and software will do, the browser's own that computes on the processor.
 *
 * @throws HeedError BACKEND_UNAVAILABLE with the reason why there is none
 */
export async function openAdapter({ gpu, software = false }: GpuChoice): Promise<Omit<OpenDevice, 'device'>> {
  const source = gpu ?? (await ownGpu(software));
  // TensorFlow.js reads these names from the global object, where pages have them.
  if (typeof GPUBuffer === 'undefined' || typeof GPUBufferUsage === 'undefined') {
    throw unavailable(
      "WebGPU's classes are not on the global object, where TensorFlow.js looks for them",
      'Object.assign(globalThis, globals) with globals from the npm package webgpu',
    );
  }
  const adapter =
    (await source.requestAdapter({ powerPreference: 'high-performance' })) ??
    (software ? await source.requestAdapter({ forceFallbackAdapter: true }) : undefined);
  if (adapter == null) {
    throw unavailable(
      'there is no adapter',
      'the system has no driver for WebGPU, or the browser refuses the one it has',
    );
  }
  return { adapter: adapter as GPUAdapter, gpu: source };
}

/**
 * A device with all that the adapter has of the limits that matter.
 *
 * The engine's own request lists a feature inside of another list, which strict implementations refuse, and asks for one that only
 * pictures need.
 */
export async function openDevice({ adapter, gpu }: Omit<OpenDevice, 'device'>): Promise<OpenDevice> {
  try {
    const device = await adapter.requestDevice({
      requiredFeatures: adapter.features.has(TIMES) ? [TIMES] : [],
      requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
    });
    return { device, adapter, gpu };
  } catch (error) {
    throw unavailable('the adapter gave no device', error instanceof Error ? error.message : String(error));
  }
}
