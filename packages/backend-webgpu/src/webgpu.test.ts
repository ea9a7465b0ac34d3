import { expect, it } from 'vitest';
import { webgpu } from './webgpu.js';

it('webgpu({ gpus }) is refused when it is written, and means gpu', () => {
  expect(() => webgpu({ gpus: 1 } as object)).toThrow(
    expect.objectContaining({ code: 'UNKNOWN_OPTION', hint: expect.stringContaining("did you mean 'gpu'?") }),
  );
});

it("without WebGPU's classes on the global object the reason says where they are", async () => {
  const gpu = { requestAdapter: () => Promise.resolve(null) };
  expect(await webgpu({ gpu }).unavailableReasons()).toEqual([
    expect.stringContaining('Object.assign(globalThis, globals)'),
  ]);
});

it('an implementation without an adapter is a reason', async () => {
  Object.assign(globalThis, { GPUBuffer: Object, GPUBufferUsage: {} });
  const gpu = { requestAdapter: () => Promise.resolve(null) };
  expect(await webgpu({ gpu }).unavailableReasons()).toEqual([expect.stringContaining('there is no adapter')]);
});
