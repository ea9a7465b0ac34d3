import * as tf from '@tensorflow/tfjs-core';
import { uniform } from '@heed/base';

/** Leaves out a share of x's elements and scales the others by 1/(1 − rate); `site` keeps places of one step apart. */
export type Dropout = <T extends tf.Tensor>(x: T, site: string) => T;

/** Which elements are left out depends on seed, step and site alone. */
export function createDropout(rate: number, seed: number, step: number): Dropout | undefined {
  if (rate === 0) return undefined;
  const kept = 1 / (1 - rate);
  return <T extends tf.Tensor>(x: T, site: string): T => {
    const random = uniform({ stream: 'models', seed, name: `dropout/${site}`, index: step });
    const factors = new Float32Array(x.size);
    for (let n = 0; n < factors.length; n++) factors[n] = random() < rate ? 0 : kept;
    return tf.mul(x, tf.tensor(factors, x.shape)) as T;
  };
}
