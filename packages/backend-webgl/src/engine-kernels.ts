import { util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import type { EngineKernel } from '@heed/core';
import type { Draw } from './draw.js';
import { kernelOf, type WebglEngine } from './engine.js';
import { webglModelKernels } from './model-kernels.js';
import { tangents } from './passes/tangents.js';
import { Scope } from './scope.js';

/** The engine's kernels that are replaced: of tanh x it keeps only what 1 − tanh x leaves, so that tanh 1e-8 is 0; and those that models use. */
export function engineKernels(engine: WebglEngine, draw: Draw, scratchBytes: number): EngineKernel[] {
  const own = kernelOf('Tanh');
  const run = <T>(kernel: (scope: Scope) => T): T => Scope.run(engine, draw, scratchBytes, kernel);
  const tanh: KernelFunc = (args) => {
    const x = args.inputs['x'] as TensorInfo;
    if (util.sizeFromShape(x.shape) === 0) return own(args);
    return run((scope) => tangents(scope, x));
  };
  return [{ kernelName: 'Tanh', kernelFunc: tanh }, ...webglModelKernels(run)];
}
