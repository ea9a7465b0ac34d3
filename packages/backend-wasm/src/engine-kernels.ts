import {
  util,
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { HeedError, type EngineKernel } from '@heed/core';
import { copyKernels } from './copy-kernels.js';
import { einsum } from './einsum.js';
import { replacement, type WasmEngine } from './engine.js';
import type { Kernels } from './wasm-module.js';
import { matMulKernels } from './mat-mul-kernels.js';
import { wasmModelKernels } from './model-kernels.js';
import { withOutputs } from './outputs.js';

/** The engine's kernels that are replaced for being slow, those that it lacks, and those that models use. */
export function engineKernels(engine: WasmEngine, kernels: Kernels): EngineKernel[] {
  return [
    ...matMulKernels(engine, kernels),
    unary(engine, 'Tanh', kernels.tanh),
    unary(engine, 'Sigmoid', kernels.sigmoid),
    softmax(engine, kernels),
    { kernelName: 'Einsum', kernelFunc: einsum(engine, kernels) },
    { kernelName: 'UnsortedSegmentSum', kernelFunc: unsortedSegmentSum(engine, kernels) },
    ...copyKernels(engine, kernels),
    ...wasmModelKernels(engine, kernels),
  ];
}

interface Arguments {
  readonly inputs: NamedTensorInfoMap;
  readonly attrs?: NamedAttrMap;
}

function unary(
  engine: WasmEngine,
  kernelName: string,
  kernel: (from: number, to: number, count: number) => void,
): EngineKernel {
  return {
    kernelName,
    kernelFunc: replacement(kernelName, () => ({ inputs }) => {
      const x = inputs['x'] as TensorInfo;
      return withOutputs(engine, (make) => {
        const y = make(x.shape);
        kernel(engine.address(x), engine.address(y), util.sizeFromShape(x.shape));
        return y;
      });
    }),
  };
}

function softmax(engine: WasmEngine, kernels: Kernels): EngineKernel {
  return {
    kernelName: 'Softmax',
    kernelFunc: replacement('Softmax', (original) => (args) => {
      const logits = args.inputs['logits'] as TensorInfo;
      const axis = (args.attrs as unknown as { dim: number }).dim;
      const size = util.sizeFromShape(logits.shape);
      if (size === 0 || axis !== logits.shape.length - 1) return original(args);
      const width = logits.shape[axis];
      return withOutputs(engine, (make) => {
        const y = make(logits.shape);
        kernels.softmax(engine.address(logits), engine.address(y), size / width, width);
        return y;
      });
    }),
  };
}

/** The gradient of `gather`, that is, of embeddings; the engine has none. */
function unsortedSegmentSum(engine: WasmEngine, kernels: Kernels): KernelFunc {
  return ({ inputs, attrs }: Arguments) => {
    const { x, segmentIds } = inputs as unknown as { x: TensorInfo; segmentIds: TensorInfo };
    const { numSegments } = attrs as unknown as { numSegments: number };
    const { dtype } = x;
    if ((dtype !== 'float32' && dtype !== 'int32') || segmentIds.dtype !== 'int32') {
      throw new HeedError('DTYPE_UNSUPPORTED', {
        message: `unsortedSegmentSum: x is ${dtype}, segmentIds are ${segmentIds.dtype}`,
        hint: 'x is float32 or int32, segmentIds are int32',
      });
    }
    const rank = segmentIds.shape.length;
    if (!util.arraysEqual(segmentIds.shape, x.shape.slice(0, rank))) {
      throw new HeedError('SHAPE_MISMATCH', {
        message: `unsortedSegmentSum: segmentIds have shape [${segmentIds.shape}], x has [${x.shape}]`,
        hint: 'the shape of segmentIds is the start of that of x',
        details: { x: x.shape, segmentIds: segmentIds.shape },
      });
    }
    const rest = x.shape.slice(rank);
    return withOutputs(engine, (make) => {
      const sums = make([numSegments, ...rest], dtype);
      const [from, ids, to] = [x, segmentIds, sums].map((tensor) => engine.address(tensor)) as [number, number, number];
      const rows = util.sizeFromShape(segmentIds.shape);
      kernels.segmentSum(from, ids, to, rows, util.sizeFromShape(rest), numSegments, Number(dtype === 'float32'));
      return sums;
    });
  };
}
