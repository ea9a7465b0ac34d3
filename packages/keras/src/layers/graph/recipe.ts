import * as tf from '@tensorflow/tfjs-core';
import type { DataType, serialization } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { isLeaf, isTensor, mapArguments, type Leaf } from './tree.js';

/**
 * A call as JSON, as a model keeps it: `{ input: n }` stands for the n-th input of the node, `{ constant, dtype }` for a tensor that was given
 * as it is, and everything else for itself.
 */
export type Recipe = serialization.ConfigDict;

/** Writes down a call whose tensors are inputs of a node, in this order, or constants. */
export function writeRecipe(given: Readonly<Record<string, unknown>>, inputs: readonly Leaf[]): Recipe {
  return mapArguments(given, (leaf) =>
    isTensor(leaf) ? { constant: leaf.arraySync(), dtype: leaf.dtype } : { input: inputs.indexOf(leaf) },
  ) as Recipe;
}

/** The call that a recipe tells of, with these inputs: new tensors for its constants where the inputs are tensors. */
export function followRecipe(recipe: Recipe, inputs: readonly Leaf[]): Readonly<Record<string, unknown>> {
  const read = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(read);
    if (typeof value !== 'object' || value === null) return value;
    if ('constant' in value && 'dtype' in value) {
      const data = value.constant as number[];
      // Among symbols and shapes only the shape matters, and a tensor would be nobody's.
      return isTensor(inputs[0]) ? tf.tensor(data, undefined, value.dtype as DataType) : { shape: shapeOf(data) };
    }
    const at = 'input' in value ? value.input : undefined;
    if (typeof at === 'number' && isLeaf(inputs[at])) return inputs[at];
    throw new HeedError('FILE_INVALID', {
      message: `a call of ${inputs.length} inputs asks for ${JSON.stringify(value)}`,
      hint: 'the model was changed after it was saved',
    });
  };
  return Object.fromEntries(Object.entries(recipe).map(([name, value]) => [name, read(value)]));
}

const shapeOf = (data: unknown): number[] => (Array.isArray(data) ? [data.length, ...shapeOf(data[0])] : []);
