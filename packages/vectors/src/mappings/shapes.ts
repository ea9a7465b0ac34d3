import type { TensorLike } from '@heed/core';
import { cannot } from '../mapping.js';
import type { VectorCase } from '../vector-case.js';

/** Shape of an input that has heads, [B, H, T, D]. */
export function axesOf(test: VectorCase, name: string): readonly [number, number, number, number] {
  const shape = test.tensors[`in/${name}`]?.shape ?? [];
  if (shape.length !== 4) cannot(test, `in/${name} [B, H, T, D] is ${shape.length === 0 ? 'missing' : `[${shape}]`}`);
  return shape as [number, number, number, number];
}

/** An input as `explain` takes it. */
export const tensorLike = (test: VectorCase, name: string): TensorLike => {
  const given = test.tensors[`in/${name}`];
  return given === undefined ? cannot(test, `in/${name} is missing`) : { shape: [...given.shape], dtype: given.dtype };
};
