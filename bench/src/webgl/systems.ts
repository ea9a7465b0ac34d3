import { webgl } from '@heed/backend-webgl';
import { composed, selectBackend, type AttentionBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Contender } from '../contest.js';
import { inputs } from '../computations.js';
import { contender } from '../in-page/contender.js';
import { reselect } from '../reselect.js';
import type { WebglCase } from './cases.js';

/** Three ways to compute a case on one engine: with Heed's kernels; without them, by Heed's op; and by TensorFlow.js's ops. */

export const SYSTEMS = ['heed-webgl', 'tfjs-backend-webgl, composed by Heed', 'tfjs-backend-webgl, composed'] as const;

let kernels: Promise<AttentionBackend> | undefined;

async function withKernels(): Promise<void> {
  await selectBackend(reselect(await (kernels ??= webgl().create())));
}

async function withoutKernels(): Promise<void> {
  await selectBackend(composed({ engine: 'webgl' }));
}

/** Opens the systems in the order of SYSTEMS. */
export async function openSystems({ shapes, fused, composed: plain }: WebglCase): Promise<readonly Contender[]> {
  await withKernels();
  const tensors = inputs(shapes).map(({ shape, values }) => tf.tensor(values, [...shape]));
  return [
    contender(SYSTEMS[0], withKernels, tensors, fused),
    contender(SYSTEMS[1], withoutKernels, tensors, fused),
    contender(SYSTEMS[2], withoutKernels, tensors, plain),
  ];
}
