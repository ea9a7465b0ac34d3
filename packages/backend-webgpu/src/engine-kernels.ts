import { util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import type { EngineKernel } from '@heed/core';
import { kernelOf, type WebgpuEngine } from './engine.js';
import { webgpuModelKernels } from './model/kernels.js';
import { addUp } from './passes/add-up.js';
import { cumulate, type Cumulation } from './passes/cumulate.js';
import { product } from './passes/product.js';
import { segmentSum } from './passes/segment-sum.js';
import { unary } from './passes/unary.js';
import { Scope } from './scope.js';
import { EXP, LOG, SIGMOID, TANH } from './wgsl/functions.js';

/**
 * The engine's kernels that are replaced. Its elementary functions are WGSL's, which are not exact at the ends of the numbers; its
 * products multiply what lies beside a matrix by 0, which a NaN survives; its running sums take one length for another; its sums of
 * segments add in an order that changes from run to run; and its sums of many tensors bind more buffers than there may be.
 * Model ops are beside them.
 */
export function engineKernels(engine: WebgpuEngine): EngineKernel[] {
  return [
    elementary(engine, 'Exp', 'exponential', EXP),
    elementary(engine, 'Log', 'logarithm', LOG),
    elementary(engine, 'Sigmoid', 'logistic', EXP + SIGMOID),
    elementary(engine, 'Tanh', 'tangent', EXP + TANH),
    running(engine, 'Cumsum', 'sum'),
    running(engine, 'Cumprod', 'product'),
    addN(engine),
    unsortedSegmentSum(engine),
    batchMatMul(engine),
    ...webgpuModelKernels((kernel) => Scope.run(engine, kernel)),
  ];
}

function elementary(engine: WebgpuEngine, kernelName: string, call: string, functions: string): EngineKernel {
  const own = kernelOf(kernelName);
  const kernelFunc: KernelFunc = (args) => {
    const x = args.inputs['x'] as TensorInfo;
    if (x.dtype !== 'float32' || util.sizeFromShape(x.shape) === 0) return own(args);
    return Scope.run(engine, (scope) => unary(scope, x, call, functions));
  };
  return { kernelName, kernelFunc };
}

function running(engine: WebgpuEngine, kernelName: string, operation: 'sum' | 'product'): EngineKernel {
  const own = kernelOf(kernelName);
  const kernelFunc: KernelFunc = (args) => {
    const x = args.inputs['x'] as TensorInfo;
    if (x.dtype !== 'float32' || util.sizeFromShape(x.shape) === 0) return own(args);
    return Scope.run(engine, (scope) => cumulate(scope, x, operation, args.attrs as unknown as Cumulation));
  };
  return { kernelName, kernelFunc };
}

function addN(engine: WebgpuEngine): EngineKernel {
  const kernelName = 'AddN';
  const own = kernelOf(kernelName);
  const kernelFunc: KernelFunc = (args) => {
    const terms = Object.values(args.inputs) as TensorInfo[];
    if (
      terms.length < 2 ||
      terms.some(({ dtype }) => dtype !== 'float32') ||
      util.sizeFromShape(terms[0]!.shape) === 0
    ) {
      return own(args);
    }
    return Scope.run(engine, (scope) => addUp(scope, terms));
  };
  return { kernelName, kernelFunc };
}

function unsortedSegmentSum(engine: WebgpuEngine): EngineKernel {
  const kernelName = 'UnsortedSegmentSum';
  const own = kernelOf(kernelName);
  const kernelFunc: KernelFunc = (args) => {
    const { x, segmentIds } = args.inputs as { x: TensorInfo; segmentIds: TensorInfo };
    const { numSegments } = args.attrs as unknown as { numSegments: number };
    const isEmpty = util.sizeFromShape(x.shape) === 0 || numSegments === 0;
    if (x.dtype !== 'float32' || segmentIds.dtype !== 'int32' || segmentIds.shape.length !== 1 || isEmpty)
      return own(args);
    return Scope.run(engine, (scope) => segmentSum(scope, x, segmentIds, numSegments));
  };
  return { kernelName, kernelFunc };
}

function batchMatMul(engine: WebgpuEngine): EngineKernel {
  const kernelName = 'BatchMatMul';
  const own = kernelOf(kernelName);
  const kernelFunc: KernelFunc = (args) => {
    const { a, b } = args.inputs as { a: TensorInfo; b: TensorInfo };
    const { transposeA, transposeB } = args.attrs as unknown as { transposeA: boolean; transposeB: boolean };
    const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
    const [countA, countB] = [util.sizeFromShape(outerA), util.sizeFromShape(outerB)];
    const isEmpty = util.sizeFromShape(a.shape) === 0 || util.sizeFromShape(b.shape) === 0;
    // Axes that are broadcast in turns, as [2, 1] and [1, 3], are left to the engine.
    const isPlain = util.arraysEqual(outerA, outerB) || countA === 1 || countB === 1;
    if (a.dtype !== 'float32' || b.dtype !== 'float32' || isEmpty || !isPlain) return own(args);
    const [rows, inner] = transposed(a.shape.slice(-2), transposeA);
    const [, columns] = transposed(b.shape.slice(-2), transposeB);
    const outer = countA === countB ? longer(outerA, outerB) : countA > countB ? outerA : outerB;
    const batch = Math.max(countA, countB);
    const sizes = { batch, rows, inner, columns, transposeA, transposeB, oneA: countA === 1, oneB: countB === 1 };
    return Scope.run(engine, (scope) => {
      const output = scope.output([...outer, rows, columns]);
      product(scope, a, b, output, sizes);
      return output;
    });
  };
  return { kernelName, kernelFunc };
}

const transposed = ([rows, columns]: readonly number[], swap: boolean): readonly [number, number] =>
  swap ? [columns!, rows!] : [rows!, columns!];

const longer = (a: readonly number[], b: readonly number[]): readonly number[] => (a.length >= b.length ? a : b);
