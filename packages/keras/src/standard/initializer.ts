import type { Tensor } from '@tensorflow/tfjs-core';
import { initializers, type Shape } from '@tensorflow/tfjs-layers';

/** How a weight begins. */
export type Initializer = ReturnType<typeof initializers.zeros>;

/** An initialiser of values that a function makes. */
export function withFirstValues(values: (shape: Shape) => Tensor): Initializer {
  const made = initializers.zeros();
  made.apply = values;
  return made;
}
