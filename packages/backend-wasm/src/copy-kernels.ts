/// <reference lib="dom" />
import { backend_util, slice_util, util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import type { EngineKernel } from '@heed/core';
import { replacement, type WasmEngine } from './engine.js';
import { loopsOver } from './loops.js';
import { withOutputs, type MakeOutput } from './outputs.js';
import type { Kernels } from './wasm-module.js';

/**
 * Kernels that move numbers. The engine's take all of a tensor out of the heap to slice it, gather number by number, and
 * copy where sharing does. Dtypes other than float32 and int32 keep the engine's.
 */
export function copyKernels(engine: WasmEngine, kernels: Kernels): EngineKernel[] {
  /** A kernel over `inputs.x` (or the name given), of four bytes a number. */
  function ofWords(
    kernelName: string,
    input: string,
    run: (args: Arguments, original: () => TensorInfo | TensorInfo[]) => TensorInfo | TensorInfo[],
  ): EngineKernel {
    return {
      kernelName,
      kernelFunc: replacement(kernelName, (original) => (args) => {
        const { dtype } = args.inputs[input] as TensorInfo;
        return dtype === 'float32' || dtype === 'int32' ? run(args, () => original(args)) : original(args);
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
    {
      kernelName: 'Identity',
      kernelFunc: replacement('Identity', (original) => (args) => {
        const x = args.inputs['x'] as TensorInfo;
        return x.dtype === 'string' ? original(args) : engine.again(x);
      }),
    },
    ofWords('ZerosLike', 'x', ({ inputs }) => {
      const { shape, dtype } = inputs['x'] as TensorInfo;
      return withOutputs(engine, (make) => {
        const zeros = make(shape, dtype as 'float32');
        engine.call(loopsOver(engine).clear, [engine.address(zeros), util.sizeFromShape(shape)]);
        return zeros;
      });
    }),
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
    ofWords('Concat', '0', ({ inputs, attrs }, original) => {
      const all = Object.values(inputs) as TensorInfo[];
      const along = util.parseAxisParam((attrs as unknown as { axis: number }).axis, all[0]!.shape)[0]!;
      return all.every(({ dtype }) => dtype === all[0]!.dtype) ? concat(engine, all, along) : original();
    }),
    ofWords('Pack', '0', ({ inputs, attrs }, original) => {
      const all = Object.values(inputs) as TensorInfo[];
      const { shape, dtype } = all[0]!;
      const isAlike = all.every((x) => x.dtype === dtype && util.arraysEqual(x.shape, shape));
      if (!isAlike) return original();
      const { axis: given } = attrs as unknown as { axis: number };
      const axis = given < 0 ? shape.length + 1 + given : given;
      const expanded = shape.toSpliced(axis, 0, 1);
      return concat(
        engine,
        all.map(({ dataId }): TensorInfo => ({ dataId, shape: expanded, dtype })),
        axis,
      );
    }),
    ofWords('Transpose', 'x', ({ inputs, attrs }, original) => {
      const x = inputs['x'] as TensorInfo;
      const { perm } = attrs as unknown as { perm: number[] };
      const shape = perm.map((axis) => x.shape[axis]!);
      const swap = swapOf(x.shape, perm);
      if (swap === 'none') return { ...engine.again(x), shape };
      if (swap === undefined || shape.includes(0)) return original();
      const { outer, first, second, piece } = swap;
      return withOutputs(engine, (make) => {
        const output = make(shape, x.dtype as 'float32');
        kernels.swapAxes(engine.address(x), engine.address(output), outer, first, second, 4 * piece);
        return output;
      });
    }),
    gather(engine),
  ];
}

type Arguments = Parameters<KernelFunc>[0];

/** A permutation as [outer, first, second, piece] → [outer, second, first, piece], where it is one: two runs of axes change places. */
function swapOf(
  shape: readonly number[],
  perm: readonly number[],
):
  | 'none'
  | { readonly outer: number; readonly first: number; readonly second: number; readonly piece: number }
  | undefined {
  // Axes of length 1 may go anywhere.
  const kept = shape.map((_, axis) => axis).filter((axis) => shape[axis] !== 1);
  const moved = perm.filter((axis) => shape[axis] !== 1);
  const start = moved.findIndex((axis, n) => axis !== kept[n]);
  if (start < 0) return 'none';
  const end = moved.findLastIndex((axis, n) => axis !== kept[n]) + 1;
  const middle = kept.slice(start, end);
  const cut = middle.indexOf(moved[start]!);
  const swapped = [...middle.slice(cut), ...middle.slice(0, cut)];
  if (swapped.some((axis, n) => axis !== moved[start + n])) return undefined;
  const length = (axes: readonly number[]): number => axes.reduce((product, axis) => product * shape[axis]!, 1);
  return {
    outer: length(kept.slice(0, start)),
    first: length(middle.slice(0, cut)),
    second: length(middle.slice(cut)),
    piece: length(kept.slice(end)),
  };
}

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
  const loops = loopsOver(engine);
  const from = engine.address(x) + 4 * begin.reduce((sum, start, n) => sum + start * strides[n], 0);
  const to = engine.address(output);
  if (total === piece) engine.call(loops.copy, [from, to, piece]);
  else engine.call(loops.gatherPieces, [from, to, piece, axis, ...size.slice(0, axis), ...strides.slice(0, axis)]);
  return output;
}

/** Tensors one after the other along an axis. */
function concat(engine: WasmEngine, all: readonly TensorInfo[], axis: number): TensorInfo {
  const shape = backend_util.computeOutShape(
    all.map((x) => x.shape),
    axis,
  );
  const { dtype } = all[0]!;
  return withOutputs(engine, (make) => {
    const output = make(shape, dtype as 'float32');
    const count = util.sizeFromShape(shape.slice(0, axis));
    const stride = util.sizeFromShape(shape.slice(axis));
    let to = engine.address(output);
    for (const x of all) {
      const piece = util.sizeFromShape(x.shape.slice(axis));
      if (piece * count > 0) {
        engine.call(loopsOver(engine).spreadPieces, [engine.address(x), to, piece, count, stride]);
      }
      to += 4 * piece;
    }
    return output;
  });
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
        const [table, list, to] = [x, indices, output].map((tensor) => engine.address(tensor)) as [
          number,
          number,
          number,
        ];
        engine.call(loopsOver(engine).gatherRows, [table, rows, width, list, to, count]);
        return output;
      });
    }),
  };
}
