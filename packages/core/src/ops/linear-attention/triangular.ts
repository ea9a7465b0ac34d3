import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * (I + L)⁻¹ of a strictly lower triangular L, by blocks that double: the inverse of [[A, 0], [B, D]] is [[A⁻¹, 0], [−D⁻¹BA⁻¹, D⁻¹]],
 * so log₂ C products of matrices give it, where substitution takes C steps.
 *
 * @param strict L, [M, C, C]
 */
export function inverseOfUnitLower(strict: Tensor): Tensor {
  const size = strict.shape[1]!;
  let inverse: Tensor = tf.broadcastTo(tf.eye(size), strict.shape);
  for (let block = 1; block < size; block *= 2) {
    const joined = tf.mul(strict, betweenBlocks(size, block));
    inverse = tf.sub(inverse, tf.matMul(inverse, tf.matMul(joined, inverse)));
  }
  return inverse;
}

/** 1 where a pair of neighbouring blocks meet below the diagonal, else 0: [C, C]. */
function betweenBlocks(size: number, block: number): Tensor {
  const index = (n: number): number => Math.floor(n / block);
  const meets = (i: number, j: number): boolean => index(i) % 2 === 1 && index(j) === index(i) - 1;
  return tf.tensor2d(
    Float32Array.from({ length: size * size }, (_, n) => Number(meets(Math.floor(n / size), n % size))),
    [size, size],
  );
}
