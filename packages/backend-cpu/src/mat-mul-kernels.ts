import { broadcast_util, util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import { HeedError, type EngineKernel } from '@heed/core';
import { replacement, type CpuEngine } from './engine.js';
import { matrixProduct } from './matrix-product.js';
import type { MatrixView } from './panels.js';
import type { Workspace } from './workspace.js';

const BATCH_MAT_MUL = 'BatchMatMul';
const FUSED_MAT_MUL = '_FusedMatMul';

/** The engine's matrix products in float32, replaced; other dtypes keep the engine's own kernels. */
export function matMulKernels(engine: CpuEngine, workspace: Workspace): EngineKernel[] {
  return [
    {
      kernelName: BATCH_MAT_MUL,
      kernelFunc: replacement(BATCH_MAT_MUL, (original) => (args) => {
        const { a, b } = args.inputs as { a: TensorInfo; b: TensorInfo };
        if (a.dtype !== 'float32' || b.dtype !== 'float32') return original(args);
        return multiply(engine, workspace, a, b, args.attrs as unknown as Transposes);
      }),
    },
    {
      kernelName: FUSED_MAT_MUL,
      kernelFunc: replacement(FUSED_MAT_MUL, (original) => fusedMatMul(engine, workspace, original)),
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

function fusedMatMul(engine: CpuEngine, workspace: Workspace, original: KernelFunc): KernelFunc {
  return (args) => {
    const { a, b, bias, preluActivationWeights: alpha } = args.inputs as unknown as FusedInputs;
    const attributes = args.attrs as unknown as FusedAttributes;
    const activation = attributes.activation ?? 'linear';
    const known = activation === 'linear' || activation in ACTIVATION_KERNELS;
    // What isn't known here gets the engine's own error message.
    if (a.dtype !== 'float32' || b.dtype !== 'float32' || !known) return original(args);

    let current = multiply(engine, workspace, a, b, attributes);
    const replaceBy = (next: TensorInfo): void => {
      engine.release(current);
      current = next;
    };
    if (bias !== undefined && !addRowBias(engine, current, bias)) {
      replaceBy(engine.run('Add', { a: current, b: bias }));
    }
    if (activation !== 'linear') {
      const inputs = activation === 'prelu' ? { x: current, alpha: alpha! } : { x: current };
      const attrs = activation === 'leakyrelu' ? { alpha: attributes.leakyreluAlpha } : {};
      replaceBy(engine.run(ACTIVATION_KERNELS[activation], inputs, attrs));
    }
    return current;
  };
}

/** Adds a bias of one number per column to a product that nobody else has seen yet; false when the bias isn't one. */
function addRowBias(engine: CpuEngine, product: TensorInfo, bias: TensorInfo): boolean {
  const columns = product.shape.at(-1)!;
  if (bias.dtype !== 'float32' || bias.shape.at(-1) !== columns || util.sizeFromShape(bias.shape) !== columns) {
    return false;
  }
  if (bias.shape.length > product.shape.length) return false;
  const values = engine.floats(product);
  const added = engine.floats(bias);
  for (let row = 0; row < values.length; row += columns) {
    for (let j = 0; j < columns; j++) values[row + j] += added[j];
  }
  return true;
}

/** A·B over the last two axes; the axes before them broadcast. */
function multiply(
  engine: CpuEngine,
  workspace: Workspace,
  a: TensorInfo,
  b: TensorInfo,
  { transposeA, transposeB }: Transposes,
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
  const out = new Float32Array(util.sizeFromShape(batch) * rows * columns);
  const shape = [...batch, rows, columns];
  if (out.length === 0) return engine.output(shape, out);

  const matrix = (operand: TensorInfo, start: number, lanesAreRows: boolean): MatrixView => {
    const width = operand.shape.at(-1)!;
    return {
      data: engine.floats(operand),
      start,
      laneStride: lanesAreRows ? width : 1,
      depthStride: lanesAreRows ? 1 : width,
    };
  };
  const aMatrix = (index: number): MatrixView => matrix(a, index * rows * depth, !transposeA);
  const bMatrix = (index: number): MatrixView => matrix(b, index * depth * columns, transposeB);
  if (!transposeA && util.sizeFromShape(bBatch) === 1) {
    // One B for all: the batch is only more rows.
    const sizes = { rows: out.length / columns, columns, depth };
    matrixProduct(aMatrix(0), bMatrix(0), sizes, out, 0, workspace);
    return engine.output(shape, out);
  }
  const aIndex = batchIndex(aBatch, batch);
  const bIndex = batchIndex(bBatch, batch);
  const sizes = { rows, columns, depth };
  for (let n = 0; n < aIndex.length; n++) {
    matrixProduct(aMatrix(aIndex[n]), bMatrix(bIndex[n]), sizes, out, n * rows * columns, workspace);
  }
  return engine.output(shape, out);
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
