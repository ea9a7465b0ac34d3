import * as tf from '@tensorflow/tfjs-core';
import type { OpRequest } from '../backend.js';
import { runOp, type Named } from '../dispatch.js';
import { joinMasks, type PlacedMask } from '../mask-parts.js';
import type { TensorLike } from '../tensor-like.js';

/** A call after validation: what to compute, and on what. */
export interface Prepared {
  readonly request: OpRequest;
  readonly inputs: Readonly<Record<string, TensorLike | undefined>>;
  readonly masks: readonly PlacedMask[];
  readonly returnWeights: boolean;
  readonly returnLogSumExp: boolean;
  /** The caller's shapes of the outputs where they aren't the canonical ones. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
}

/** Runs a prepared call and gives back the outputs that were asked for. */
export function execute<Result>(call: Prepared): Result {
  const { request, inputs, masks, shapes, returnWeights, returnLogSumExp } = call;
  const mask = joinMasks(masks);
  const present = Object.entries({ ...inputs, mask }).filter(([, tensor]) => tensor !== undefined);
  try {
    const { context, weights, logSumExp } = runOp(request, Object.fromEntries(present) as Named, shapes);
    if (!returnWeights) weights?.dispose();
    if (!returnLogSumExp) logSumExp?.dispose();
    return {
      context,
      ...(returnWeights && { weights }),
      ...(returnLogSumExp && { logSumExp }),
    } as Result;
  } finally {
    if (masks.length > 1) tf.dispose(mask);
  }
}
