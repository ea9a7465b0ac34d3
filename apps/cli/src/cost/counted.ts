import { costOfAttention, type AttentionProblem, type Work } from '@heed/attention';
import type * as tf from '@tensorflow/tfjs-core';

type Kernel = Awaited<ReturnType<typeof tf.profile>>['kernels'][number];
export type Counted = Pick<Work, 'flops' | 'bytes'>;

/**
 * FLOPs of what ran, and the bytes that it read and wrote: its products of matrices and its attention, each by the formula of
 * its op at the shapes that it had. It works for every kind of model; elementwise ops aren't counted.
 */
export function countKernels(kernels: readonly Kernel[]): Counted {
  const found = kernels.map(({ name, inputShapes, outputShapes }) =>
    workOf(name, inputShapes as Shape[], outputShapes as Shape[]),
  );
  return {
    flops: found.reduce((sum, { flops }) => sum + flops, 0),
    bytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

type Shape = readonly number[];
const NONE: Counted = { flops: 0, bytes: 0 };

function workOf(name: string, inputs: readonly Shape[], [output]: readonly Shape[]): Counted {
  if (name === 'BatchMatMul' || name === '_FusedMatMul') return product(inputs[0], inputs[1], output!);
  const op = /^Heed(DotProduct|Additive)Attention(Grad)?$/.exec(name);
  if (op === null) return NONE;
  const { forward, training } = costOfAttention(op[1] === 'Additive' ? additive(inputs) : dotProduct(inputs));
  if (op[2] === undefined) return forward;
  return { flops: training.flops - forward.flops, bytes: training.bytes - forward.bytes };
}

/** a is [B, M, K] or [B, K, M], and the output [B, M, N]. */
function product(a: Shape, b: Shape, output: Shape): Counted {
  const k = sizeOf(a) / Math.max(1, sizeOf(output.slice(0, -1)));
  return { flops: 2 * sizeOf(output) * k, bytes: 4 * (sizeOf(a) + sizeOf(b) + sizeOf(output)) };
}

function dotProduct([q, k, v]: readonly Shape[]): AttentionProblem {
  const [batch, heads, queries, width] = q as [number, number, number, number];
  const [, keyHeads, keys] = k as [number, number, number];
  return { op: 'dotProductAttention', batch, heads, keyHeads, queries, keys, width, valueWidth: v!.at(-1)! };
}

function additive([q, k, , values]: readonly Shape[]): AttentionProblem {
  const [batch, queries, units] = q as [number, number, number];
  return { op: 'additiveAttention', batch, queries, keys: k![1], units, valueWidth: values!.at(-1)! };
}

const sizeOf = (shape: Shape): number => shape.reduce((size, length) => size * length, 1);
