/// <reference lib="dom" />
import { backend_util, slice_util, util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import type { EngineKernel } from '@heed/core';
import { replacement, type WasmEngine } from './engine.js';
import { withOutputs, type MakeOutput } from './outputs.js';

/**
 * Kernels that move numbers. The engine's take all of a tensor out of the heap to slice it, gather number by number, and
 * copy where sharing does. Dtypes other than float32 and int32 keep the engine's.
 */
export function copyKernels(engine: WasmEngine): EngineKernel[] {
  /** A kernel over `inputs.x` (or the name given), of four bytes a number. */
  function ofWords(
    kernelName: string,
    input: string,
    run: (args: Arguments) => TensorInfo | TensorInfo[],
  ): EngineKernel {
    return {
      kernelName,
      kernelFunc: replacement(kernelName, (original) => (args) => {
        const { dtype } = args.inputs[input] as TensorInfo;
        return dtype === 'float32' || dtype === 'int32' ? run(args) : original(args);
      }),
    };
  }

  /** A part of x for each list of places along an axis. */
  const parts = (x: TensorInfo, axis: number, sizes: readonly number[], shapeOf: (shape: number[]) => number[]) =>
    withOutputs(engine, (make) => {
      let start = 0;
      return sizes.map((count) => {
        const begin = x.shape.map((_, n) => (n === axis ? start : 0));
        const size = x.shape.map((length, n) => (n === axis ? count : length));
        start += count;
        return slice(engine, make, x, begin, size, shapeOf(size));
      });
    });

  return [
    // What writes to a tensor's numbers makes sure that it is alone.
    ofWords('Identity', 'x', ({ inputs }) => engine.again(inputs['x'] as TensorInfo)),
    ofWords('Slice', 'x', ({ inputs, attrs }) => {
      const x = inputs['x'] as TensorInfo;
      const { begin, size } = attrs as unknown as { begin: number | number[]; size: number | number[] };
      const [from, count] = slice_util.parseSliceParams(
        x as Parameters<typeof slice_util.parseSliceParams>[0],
        begin,
        size,
      );
      slice_util.assertParamsValid(x, from!, count!);
      return withOutputs(engine, (make) => slice(engine, make, x, from!, count!, count!));
    }),
    ofWords('Unpack', 'value', ({ inputs, attrs }) => {
      const x = inputs['value'] as TensorInfo;
      const axis = util.parseAxisParam((attrs as unknown as { axis: number }).axis, x.shape)[0];
      return parts(
        x,
        axis,
        Array.from({ length: x.shape[axis] }, () => 1),
        (shape) => shape.toSpliced(axis, 1),
      );
    }),
    ofWords('SplitV', 'x', ({ inputs, attrs }) => {
      const x = inputs['x'] as TensorInfo;
      const { numOrSizeSplits, axis } = attrs as unknown as { numOrSizeSplits: number | number[]; axis: number };
      const along = util.parseAxisParam(axis, x.shape)[0];
      const sizes = backend_util.prepareSplitSize(
        x as Parameters<typeof backend_util.prepareSplitSize>[0],
        numOrSizeSplits,
        along,
      );
      return parts(x, along, sizes, (shape) => shape);
    }),
    gather(engine),
  ];
}

type Arguments = Parameters<KernelFunc>[0];

function slice(
  engine: WasmEngine,
  make: MakeOutput,
  x: TensorInfo,
  begin: readonly number[],
  size: readonly number[],
  shape: readonly number[],
): TensorInfo {
  const output = make(shape, x.dtype as 'float32');
  const total = util.sizeFromShape([...size]);
  if (total === 0) return output;
  // From this axis on, what is wanted lies in one piece.
  let axis = x.shape.length - 1;
  while (axis > 0 && size[axis] === x.shape[axis]) axis--;
  const strides = [...util.computeStrides(x.shape), 1];
  const piece = size[axis] * strides[axis];
  const words = new Uint32Array(engine.memory.buffer);
  const from = engine.address(x) / 4 + begin.reduce((sum, start, n) => sum + start * strides[n], 0);
  const to = engine.address(output) / 4;
  for (let done = 0; done < total; done += piece) {
    let at = from;
    for (let n = axis - 1, index = done / piece; n >= 0; n--) {
      at += (index % size[n]) * strides[n];
      index = Math.floor(index / size[n]);
    }
    words.copyWithin(to + done, at, at + piece);
  }
  return output;
}

/** Rows of a table; other axes, and places that aren't there, are the engine's. */
function gather(engine: WasmEngine): EngineKernel {
  return {
    kernelName: 'GatherV2',
    kernelFunc: replacement('GatherV2', (original) => (args) => {
      const { x, indices } = args.inputs as { x: TensorInfo; indices: TensorInfo };
      const { axis, batchDims } = args.attrs as unknown as { axis: number; batchDims: number };
      const isTable = axis === 0 && batchDims === 0 && indices.dtype === 'int32';
      if (!isTable || (x.dtype !== 'float32' && x.dtype !== 'int32')) return original(args);
      const [rows, ...rest] = x.shape as [number, ...number[]];
      const width = util.sizeFromShape(rest);
      const count = util.sizeFromShape(indices.shape);
      const ids = new Int32Array(engine.memory.buffer, engine.address(indices), count).slice();
      if (!ids.every((id) => id >= 0 && id < rows)) return original(args);
      return withOutputs(engine, (make) => {
        const output = make([...indices.shape, ...rest], x.dtype as 'float32');
        const words = new Uint32Array(engine.memory.buffer);
        const [from, to] = [engine.address(x) / 4, engine.address(output) / 4];
        ids.forEach((id, n) => words.copyWithin(to + n * width, from + id * width, from + (id + 1) * width));
        return output;
      });
    }),
  };
}
