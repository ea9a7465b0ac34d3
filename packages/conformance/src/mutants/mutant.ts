import type {
  AttentionBackend,
  BackendFactory,
  DotProductAttentionRequest,
  DotProductInputs,
  MaskParts,
} from '@heed/core';
import type { Group } from '../case.js';
import type { DotProduct } from '../oracle/dot-product.js';
import {
  arrayKernels,
  dotProductKernels,
  dotProductOf,
  referenceBackend,
  type ArrayKernels,
  type Arrays,
} from '../reference-backend.js';

/** A backend that is broken on purpose: the suite must notice, where and why it is said here, and nowhere unrelated. */
export interface Mutant {
  /** What is wrong with it. */
  readonly id: string;
  /** The group that must fail, */
  readonly group: Group;
  /** with a case whose 'id: message' is like this, */
  readonly reason: RegExp;
  /** while these groups, which don't depend on what is broken, pass. */
  readonly spares: readonly Group[];
  /** Kernels in place of the right ones. */
  readonly kernels?: (right: ArrayKernels) => Partial<ArrayKernels>;
  /** Parts of the backend in place of the right ones. */
  readonly backend?: (right: AttentionBackend) => Partial<AttentionBackend>;
}

export function mutantBackend({ id, kernels, backend }: Mutant, load: () => Promise<unknown>): BackendFactory {
  return referenceBackend({
    load,
    name: `mutant: ${id}`,
    kernels: { ...arrayKernels, ...kernels?.(arrayKernels) },
    ...(backend && { change: backend }),
  });
}

type Kernels = (right: ArrayKernels) => Partial<ArrayKernels>;
type DotRequest = DotProductAttentionRequest;

/** The dot product, forward and backward, of another request than was asked for. */
export function ofRequest(change: (request: DotRequest) => DotRequest): Kernels {
  return (right) => ({
    dotProductAttention: (inputs, request) => right.dotProductAttention(inputs, change(request)),
    dotProductAttentionGrad: (inputs, request) => right.dotProductAttentionGrad(inputs, change(request)),
  });
}

/** Right forward, but the gradient of another request. */
export function gradientOfRequest(change: (request: DotRequest) => DotRequest): Kernels {
  return (right) => ({
    dotProductAttentionGrad: (inputs, request) => right.dotProductAttentionGrad(inputs, change(request)),
  });
}

/** The dot product, forward and backward, of other operands than the request describes. */
export function ofOperands(
  change: (operands: DotProduct, inputs: Arrays<DotProductInputs>, request: DotRequest) => Partial<DotProduct>,
): Kernels {
  return () =>
    dotProductKernels((inputs, request, dCaptures) => {
      const operands = dotProductOf(inputs, request, dCaptures);
      return { ...operands, ...change(operands, inputs, request) };
    });
}

/** Every op with another mask. */
export function ofMask(change: (mask: MaskParts, request: { queries: number; keys: number }) => MaskParts): Kernels {
  const masked = <R extends { mask: MaskParts; queries: number; keys: number }>(request: R): R => ({
    ...request,
    mask: change(request.mask, request),
  });
  return (right) => ({
    dotProductAttention: (inputs, request) => right.dotProductAttention(inputs, masked(request)),
    dotProductAttentionGrad: (inputs, request) => right.dotProductAttentionGrad(inputs, masked(request)),
    additiveAttention: (inputs, request) => right.additiveAttention(inputs, masked(request)),
    additiveAttentionGrad: (inputs, request) => right.additiveAttentionGrad(inputs, masked(request)),
    weightedContext: (inputs, request) => right.weightedContext(inputs, masked(request)),
    weightedContextGrad: (inputs, request) => right.weightedContextGrad(inputs, masked(request)),
  });
}

/** Every array that every kernel gives, changed. */
export function ofResults(change: (values: ArrayLike<number>, name: string) => ArrayLike<number>): Kernels {
  const changed = <Outputs extends object>(outputs: Outputs): Outputs =>
    Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, change(values, name)])) as Outputs;
  return (right) => ({
    dotProductAttention: (inputs, request) => changed(right.dotProductAttention(inputs, request)),
    dotProductAttentionGrad: (inputs, request) => changed(right.dotProductAttentionGrad(inputs, request)),
    additiveAttention: (inputs, request) => changed(right.additiveAttention(inputs, request)),
    additiveAttentionGrad: (inputs, request) => changed(right.additiveAttentionGrad(inputs, request)),
    weightedContext: (inputs, request) => changed(right.weightedContext(inputs, request)),
    weightedContextGrad: (inputs, request) => changed(right.weightedContextGrad(inputs, request)),
  });
}

export function map(values: ArrayLike<number>, change: (value: number, n: number) => number): Float64Array {
  return Float64Array.from(values, change);
}

/** scale·q·k, as the formula has it before cap and bias. */
export function scoreOf(operands: DotProduct, b: number, h: number, i: number, j: number): number {
  const { heads, keyHeads, queries, keys, width, query, key, scale, keyHeadOf } = operands;
  const q = ((b * heads + h) * queries + i) * width;
  const k = ((b * keyHeads + keyHeadOf(h)) * keys + j) * width;
  let product = 0;
  for (let d = 0; d < width; d++) product += query[q + d] * key[k + d];
  return product * scale;
}
