import { broadcast_util, util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import { HeedError, type EngineKernel } from '@heed/core';
import { replacement, type WasmEngine } from './engine.js';
import type { Kernels } from './wasm-module.js';
import { withOutputs } from './outputs.js';

/**
 * Matrix products in float32. The engine's own are slow for batches and for transposed operands, of which every gradient of
 * a product has one; and those of two plain matrices bring the second one into the engine's own order once for each tensor,
 * which training pays for anew at every step. Other dtypes keep the engine's kernels.
 */
export function matMulKernels(engine: WasmEngine, kernels: Kernels): EngineKernel[] {
  return [
    {
      kernelName: 'BatchMatMul',
      kernelFunc: replacement('BatchMatMul', (original) => (args) => {
        const { a, b } = args.inputs as { a: TensorInfo; b: TensorInfo };
        if (a.dtype !== 'float32' || b.dtype !== 'float32') return original(args);
        return multiply(engine, kernels, a, b, args.attrs as unknown as Transposes);
      }),
    },
    {
      kernelName: '_FusedMatMul',
      kernelFunc: replacement('_FusedMatMul', (original) => fusedMatMul(engine, kernels, original)),
    },
  ];
}

interface Transposes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

interface FusedAttributes extends Transposes {
  readonly activation?: string | null;
  readonly leakyreluAlpha?: number;
}

interface FusedInputs {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly bias?: TensorInfo;
  readonly preluActivationWeights?: TensorInfo;
}

/** The engine's kernel for each activation that `tf.fused.matMul` knows. */
const ACTIVATION_KERNELS: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  prelu: 'Prelu',
  leakyrelu: 'LeakyRelu',
};

function fusedMatMul(engine: WasmEngine, kernels: Kernels, original: KernelFunc): KernelFunc {
  return (args) => {
    const { a, b, bias, preluActivationWeights: alpha } = args.inputs as unknown as FusedInputs;
    const attributes = args.attrs as unknown as FusedAttributes;
    const activation = attributes.activation ?? 'linear';
    const known = activation === 'linear' || activation in ACTIVATION_KERNELS;
    // What isn't known here gets the engine's own error message.
    if (a.dtype !== 'float32' || b.dtype !== 'float32' || !known) return original(args);

    const columns = attributes.transposeB ? b.shape.at(-2)! : b.shape.at(-1)!;
    const rowBias = isRowBias(bias, columns, Math.max(a.shape.length, b.shape.length)) ? bias : undefined;
    let current = multiply(engine, kernels, a, b, attributes, rowBias);
    const replaceBy = (kernelName: string, inputs: Record<string, TensorInfo>, attrs: object = {}): void => {
      const previous = current;
      try {
        current = engine.run(kernelName, inputs, attrs);
      } finally {
        engine.release(previous);
      }
    };
    if (bias !== undefined && rowBias === undefined) replaceBy('Add', { a: current, b: bias });
    if (activation !== 'linear') {
      const inputs: Record<string, TensorInfo> =
        activation === 'prelu' ? { x: current, alpha: alpha! } : { x: current };
      const attrs = activation === 'leakyrelu' ? { alpha: attributes.leakyreluAlpha } : {};
      replaceBy(ACTIVATION_KERNELS[activation], inputs, attrs);
    }
    return current;
  };
}

/** Whether the bias is one number a column, so that it can be added while the product is stored. */
function isRowBias(bias: TensorInfo | undefined, columns: number, rank: number): bias is TensorInfo {
  return (
    bias?.dtype === 'float32' &&
    bias.shape.at(-1) === columns &&
    util.sizeFromShape(bias.shape) === columns &&
    bias.shape.length <= rank
  );
}

/** A·B over the last two axes, in float32; the axes before them broadcast. */
export function multiply(
  engine: WasmEngine,
  kernels: Kernels,
  a: TensorInfo,
  b: TensorInfo,
  { transposeA, transposeB }: Transposes,
  bias?: TensorInfo,
): TensorInfo {
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const rows = transposeA ? aColumns : aRows;
  const depth = transposeA ? aRows : aColumns;
  const columns = transposeB ? bRows : bColumns;
  if (depth !== (transposeB ? bColumns : bRows)) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `matMul: inner sizes differ for shapes [${a.shape}] and [${b.shape}], transposeA ${transposeA}, transposeB ${transposeB}`,
      details: { a: a.shape, b: b.shape, transposeA, transposeB },
    });
  }
  const aBatch = a.shape.slice(0, -2);
  const bBatch = b.shape.slice(0, -2);
  const batch = broadcast_util.assertAndGetBroadcastShape(aBatch, bBatch);
  return withOutputs(engine, (make) => {
    const result = make([...batch, rows, columns]);
    const products = util.sizeFromShape(batch);
    if (products * rows * columns === 0) return result;
    // One B for all: the batch is only more rows.
    const isOne = !transposeA && util.sizeFromShape(bBatch) === 1;
    const most = isOne ? products * rows : rows;
    engine.withScratch(kernels.matMulScratch(0, most, columns, depth), (scratch) => {
      const [aStart, bStart, start] = [a, b, result].map((tensor) => engine.address(tensor)) as [
        number,
        number,
        number,
      ];
      const biasStart = bias === undefined ? 0 : engine.address(bias);
      const multiplyRows = (aIndex: number, bIndex: number, index: number, count: number): void =>
        kernels.multiply(
          aStart + 4 * aIndex * rows * depth,
          bStart + 4 * bIndex * depth * columns,
          start + 4 * index * rows * columns,
          count,
          columns,
          depth,
          Number(transposeA),
          Number(transposeB),
          biasStart,
        );

      kernels.matMulScratch(scratch, most, columns, depth);
      if (isOne) {
        multiplyRows(0, 0, 0, most);
        return;
      }
      const aIndex = batchIndex(aBatch, batch);
      const bIndex = batchIndex(bBatch, batch);
      for (let n = 0; n < products; n++) multiplyRows(aIndex[n], bIndex[n], n, rows);
    });
    return result;
  });
}

/** For each matrix of the broadcast batch, which of the operand's matrices it reads. */
function batchIndex(shape: readonly number[], broadcast: readonly number[]): Int32Array {
  let index = Int32Array.of(0);
  const padding = broadcast.length - shape.length;
  for (const [axis, size] of broadcast.entries()) {
    const own = axis < padding ? 1 : shape[axis - padding];
    const next = new Int32Array(index.length * size);
    for (let n = 0; n < index.length; n++) {
      for (let s = 0; s < size; s++) next[n * size + s] = index[n] * own + (own === 1 ? 0 : s);
    }
    index = next;
  }
  return index;
}
