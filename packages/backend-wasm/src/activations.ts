import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { GeluAttributes, ModelKernels } from '@heed/core/model-ops';
import type { WasmEngine } from './engine.js';
import type { ModelExports } from './model-exports.js';
import { withOutputs } from './outputs.js';

/** Activations by functions of the module. */
export function activations(
  engine: WasmEngine,
  kernels: Pick<ModelExports, 'gelu' | 'geluGrad' | 'swish' | 'swishGrad'>,
): Pick<ModelKernels, 'gelu' | 'geluLayer' | 'swish'> {
  const at = (tensor: TensorInfo): number => engine.address(tensor);
  const isByTanh = ({ approximate }: GeluAttributes): number => Number(approximate === 'tanh');
  const NONE = 0;

  return {
    gelu: {
      forward: ({ x }, attributes) =>
        withOutputs(engine, (make) => {
          const y = make(x.shape);
          kernels.gelu(at(x), NONE, at(y), 1, util.sizeFromShape(x.shape), isByTanh(attributes));
          return { y };
        }),
      backward: ({ x, dY }, attributes) =>
        withOutputs(engine, (make) => {
          const dX = make(x.shape);
          const count = util.sizeFromShape(x.shape);
          kernels.geluGrad(at(x), NONE, at(dY), at(dX), NONE, 1, count, isByTanh(attributes));
          return { dX };
        }),
    },
    geluLayer: {
      forward: ({ x, bias }, attributes) =>
        withOutputs(engine, (make) => {
          const y = make(x.shape);
          const [rows, width] = x.shape as [number, number];
          kernels.gelu(at(x), at(bias), at(y), rows, width, isByTanh(attributes));
          return { y };
        }),
      backward: ({ x, bias, dY }, attributes) =>
        withOutputs(engine, (make) => {
          const [dX, dBias] = [make(x.shape), make(bias.shape)];
          const [rows, width] = x.shape as [number, number];
          kernels.geluGrad(at(x), at(bias), at(dY), at(dX), at(dBias), rows, width, isByTanh(attributes));
          return { dX, dBias };
        }),
    },
    swish: {
      forward: ({ x }, { beta }) =>
        withOutputs(engine, (make) => {
          const y = make(x.shape);
          kernels.swish(at(x), at(y), util.sizeFromShape(x.shape), beta);
          return { y };
        }),
      backward: ({ x, dY }, { beta }) =>
        withOutputs(engine, (make) => {
          const dX = make(x.shape);
          kernels.swishGrad(at(x), at(dY), at(dX), util.sizeFromShape(x.shape), beta);
          return { dX };
        }),
    },
  };
}
