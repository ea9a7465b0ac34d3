import { gpuOfNavigator, unavailable, type Gpu } from './gpu.js';

/**
 * What opens adapters where nobody passed it: that of the page or the worker. In Node `own-gpu-of-node.ts` stands in its place, by the
 * condition of `#own-gpu` in package.json, so that bundles of pages have nothing of it.
 *
 * @throws HeedError BACKEND_UNAVAILABLE
 */
export async function ownGpu(_software: boolean): Promise<Gpu> {
  const gpu = gpuOfNavigator();
  if (gpu !== undefined) return gpu;
  throw unavailable('there is no WebGPU here', 'open the page in a browser with WebGPU, over https or from localhost');
}
