import { HeedError } from '@heed/base';
import type { Tree } from './tree.js';

export type Shape = readonly number[];
/** Shapes of parameters by their keys. */
export type Shapes = Readonly<Record<string, Shape>>;

/**
 * Lengths [rows, columns] of a parameter from which others follow.
 *
 * @throws HeedError CHECKPOINT_INVALID when it is missing, SHAPE_MISMATCH when it is no matrix
 */
export function matrix(shapes: Tree<Shape>, key: string): readonly [rows: number, columns: number] {
  const shape = shapes.get(key);
  if (shape.length === 2) return shape as [number, number];
  throw new HeedError('SHAPE_MISMATCH', {
    message: `'${key}' of the state dict is [${shape}], expected a matrix`,
    details: { key, shape },
  });
}

/** Shapes of a module inside another. */
export const within = (module: string, shapes: Shapes): Shapes =>
  Object.fromEntries(Object.entries(shapes).map(([key, shape]) => [`${module}.${key}`, shape]));

/** Whether a module has any bias, and so all of them: PyTorch's `bias` is one argument for a module and its parts. */
export const hasBias = (shapes: Tree<Shape>): boolean => shapes.keys().some((key) => /bias(_[hi]h_l\d.*)?$/.test(key));
