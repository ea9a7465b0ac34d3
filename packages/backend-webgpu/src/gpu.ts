import { HeedError } from '@heed/core';

/** What opens adapters: `navigator.gpu`, or what `create` of the npm package `webgpu` gives. */
export interface Gpu {
  requestAdapter(options?: {
    readonly powerPreference?: 'low-power' | 'high-performance';
    readonly forceFallbackAdapter?: boolean;
  }): Promise<unknown>;
}

/** Which GPU is wanted. */
export interface GpuChoice {
  readonly gpu?: Gpu;
  readonly software?: boolean;
}

/** That of a page or a worker, or of whoever put one there; a browser without WebGPU has a navigator without it. */
export function gpuOfNavigator(): Gpu | undefined {
  return (globalThis as { readonly navigator?: { readonly gpu?: Gpu } }).navigator?.gpu;
}

/** Why WebGPU can't be used here, and what would help. */
export function unavailable(message: string, hint: string): HeedError {
  return new HeedError('BACKEND_UNAVAILABLE', { message, hint });
}
