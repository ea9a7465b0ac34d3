import type * as dawn from 'webgpu';
import { gpuOfNavigator, unavailable, type Gpu } from './gpu.js';
import { loadVulkan, withSoftwareDriver } from './vulkan.js';

/**
 * What opens adapters in Node where nobody passed it: Dawn, which the npm package `webgpu` brings, for the life of the process.
 *
 * @param software  where the system has no adapter, take the software driver of an installed Chromium
 * @throws HeedError BACKEND_UNAVAILABLE when the package isn't installed or has nothing to run on
 */
export function ownGpu(software: boolean): Promise<Gpu> {
  const wanted = Number(software);
  return (opened[wanted] ??= open(software).catch((error: unknown) => {
    opened[wanted] = undefined;
    throw error;
  }));
}

/** Without and with a software driver. They stay: a `GPU` that is collected as garbage takes its devices with it. */
const opened: (Promise<Gpu> | undefined)[] = [];

async function open(software: boolean): Promise<Gpu> {
  const given = gpuOfNavigator();
  if (given !== undefined) return given;
  const { create, globals } = await loadDawn();
  // TensorFlow.js looks for WebGPU's classes there, as in a page.
  Object.assign(globalThis, globals);
  const start = (): Gpu => create(TOGGLES) as Gpu;
  if (process.platform !== 'linux') return start();
  const vulkan = loadVulkan(software);
  if (vulkan === undefined) {
    throw unavailable(
      'there is no Vulkan here (libvulkan.so.1)',
      `install the driver of the graphics card${software ? ', or Chromium, which has one that computes on the processor' : ''}`,
    );
  }
  if (vulkan === 'system') {
    const gpu = start();
    if (!software || (await gpu.requestAdapter()) != null) return gpu;
  }
  return withSoftwareDriver(async () => {
    const gpu = start();
    await gpu.requestAdapter(); // which is when it looks for drivers
    return gpu;
  });
}

/**
 * A workgroup's memory isn't cleared: software drivers compile an instruction for each number, seconds for a kernel. Kernels of Heed
 * read nothing of it that they haven't written.
 */
const TOGGLES = ['enable-dawn-features=allow_unsafe_apis,disable_workgroup_init'];

async function loadDawn(): Promise<Pick<typeof dawn, 'create' | 'globals'>> {
  try {
    return await import('webgpu');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ERR_MODULE_NOT_FOUND' && message.includes("'webgpu'");
    const why = isMissing ? 'it is not installed' : message.split('\n')[0];
    throw unavailable(
      `Node has WebGPU by the npm package webgpu alone, and ${why}`,
      'npm install webgpu; or pass another implementation of it, webgpu({ gpu })',
    );
  }
}
