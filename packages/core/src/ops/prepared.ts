import * as tf from '@tensorflow/tfjs-core';
import { runOp, type Invocation } from '../dispatch.js';
import { packCaptures } from '../hooks/normalize-hooks.js';
import { joinMasks, type PlacedMask } from '../mask-parts.js';
import type { AnyRequest } from '../request.js';
import type { TensorLike } from '../tensor-like.js';
import type { Named } from './define.js';

/** A call after validation, with what is wanted of its outputs. */
export interface Prepared<Request extends AnyRequest = AnyRequest> extends Omit<Invocation, 'inputs'> {
  readonly request: Request;
  readonly inputs: Named<TensorLike | undefined>;
  readonly masks: readonly PlacedMask[];
  /** What hooks captured, which `inputs.captures` describes packed; absent where there are none. */
  readonly captures?: readonly tf.Tensor[];
  readonly returnWeights: boolean;
  readonly returnLogSumExp: boolean;
}

/** Runs a prepared call and gives back the outputs that were asked for. */
export function execute<Result>(call: Prepared): Result {
  const { inputs, masks, captures, returnWeights, returnLogSumExp, ...invocation } = call;
  const mask = joinMasks(masks);
  const packed = packCaptures(captures ?? []);
  const present = Object.entries({ ...inputs, mask, captures: packed }).filter(([, tensor]) => tensor !== undefined);
  try {
    const { context, weights, logSumExp, ...others } = runOp({
      ...invocation,
      inputs: Object.fromEntries(present) as Named,
    });
    if (!returnWeights) weights?.dispose();
    if (!returnLogSumExp) logSumExp?.dispose();
    return {
      context,
      ...others,
      ...(returnWeights && { weights }),
      ...(returnLogSumExp && { logSumExp }),
    } as Result;
  } finally {
    if (masks.length > 1) tf.dispose(mask);
    packed?.dispose();
  }
}
