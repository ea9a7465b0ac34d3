import * as tf from '@tensorflow/tfjs-core';
import { tanhLayer, type Direction, type Encoded, type Parameters } from '@heed/nn';

/** A bridge from the encoder's last states to the decoder's first one: tanh(Σ_d h_d W_d + b), [B, S]. */
export type Bridge = (encoded: Encoded) => tf.Tensor2D;

export function createBridge(
  parameters: Parameters,
  { directions, units, stateWidth }: { directions: readonly Direction[]; units: number; stateWidth: number },
): Bridge {
  const kernels = directions.map((direction) => parameters.kernel(`bridge/${direction}_kernel`, [units, stateWidth]));
  const bias = parameters.bias('bridge/bias', new Float32Array(stateWidth));
  return ({ last }) =>
    tanhLayer(
      directions.map((direction, d) => tf.matMul(last[direction]!, kernels[d])),
      bias,
    );
}
