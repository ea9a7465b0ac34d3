import * as tf from '@tensorflow/tfjs';
import { cpu } from '@heed/backend-cpu';
import { selectBackend, type BackendFactory } from '@heed/core';

/** Products of matrices. */
export interface Products {
  multiplyAdds: number;
  bytes: number;
}

/**
 * Selects the cpu backend without its kernels for attention, which is then composed of products that TensorFlow.js sees, where
 * model ops are loops.
 */
export async function selectCounted(): Promise<void> {
  const { name, unavailableReasons, create } = cpu();
  const counted: BackendFactory = {
    name,
    unavailableReasons,
    create: async () => ({ ...(await create()), kernels: {} }),
  };
  await selectBackend(counted);
}

/** What TensorFlow.js says of the products that it made. */
export async function productsOf(run: () => void): Promise<Products> {
  const { kernels } = await tf.profile(() => {
    run();
    return tf.scalar(0);
  });
  const size = (shape: readonly number[]): number => shape.reduce((all, length) => all * length, 1);
  const found = { multiplyAdds: 0, bytes: 0 };
  for (const { name, inputShapes, outputShapes } of kernels) {
    if (name !== 'BatchMatMul' && name !== '_FusedMatMul') continue;
    const [a, b] = inputShapes as number[][];
    const output = outputShapes[0] as number[];
    // a is [B, M, K] or [B, K, M], and the output [B, M, N].
    const k = size(a!) / size(output.slice(0, -1));
    found.multiplyAdds += size(output) * k;
    found.bytes += 4 * (size(a!) + size(b!) + size(output));
  }
  return found;
}
