import { describe, expect, it } from 'vitest';
import { modelKernels, splitKernelNames } from './kernels.js';

describe('splitKernelNames', () => {
  it("tells model ops from kernels of the engine's own", () => {
    const adam = modelKernels({ adam: { forward: () => ({}) as never } }).map(({ kernelName }) => kernelName);
    expect(splitKernelNames(['Tanh', ...adam, 'Softmax'])).toEqual({ modelOps: ['adam'], others: ['Tanh', 'Softmax'] });
    expect(splitKernelNames([])).toEqual({ modelOps: [], others: [] });
  });

  it('takes a gradient for part of its op', () => {
    const pass = (): never => ({}) as never;
    const names = modelKernels({ layerNorm: { forward: pass, backward: pass } }).map(({ kernelName }) => kernelName);
    expect(names).toHaveLength(2);
    expect(splitKernelNames(names)).toEqual({ modelOps: ['layerNorm'], others: [] });
  });
});
