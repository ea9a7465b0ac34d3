import type * as tf from '@tensorflow/tfjs-core';
import { dropout } from '@heed/core/model-ops';

/** Leaves out a share of x's elements and scales the others by 1/(1 − rate); `site` keeps places of one step apart. */
export type Dropout = <T extends tf.Tensor>(x: T, site: string) => T;

/** Which elements are left out depends on seed, step and site alone. */
export function createDropout(rate: number, seed: number, step: number): Dropout | undefined {
  if (rate === 0) return undefined;
  return (x, site) => dropout(x, rate, { stream: 'models', seed, name: `dropout/${site}`, index: step });
}
