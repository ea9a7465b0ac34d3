import { initializers, layers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { invalid } from './invalid.js';

/** `addWeight` of a layer: name, shape, type and initializer of the weight; regularizer and others follow. */
type AddWeight = (
  this: layers.Layer,
  name: string,
  shape: Shape,
  dtype?: string,
  initializer?: unknown,
  ...rest: unknown[]
) => LayerVariable;

/**
 * Runs `build`, in which layers make their weights. If it fails, those that were made by then are freed.
 *
 * For a file that has `size` numbers to put into them, weights begin as zeros, since drawing orthogonal matrices that are replaced at once can
 * take long, and not many more are made than the file has numbers for, so that a configuration alone can't ask for memory. A few are, for an
 * error that tells which dataset is missing.
 *
 * Cells, wrappers and custom layers make theirs within those of the graph, all by `addWeight` of TensorFlow.js's `Layer`, which is therefore
 * another while `build` runs.
 *
 * @param size how many numbers the file has; undefined where there is none, so that weights are drawn as the layers say
 * @throws HeedError FILE_INVALID with the layer that wants more
 */
export function watchWeights<Result>(size: number | undefined, build: () => Result): Result {
  const descriptor = Object.getOwnPropertyDescriptor(layers.Layer.prototype, 'addWeight')!;
  const addWeight = descriptor.value as AddWeight;
  const made: LayerVariable[] = [];
  let left = size === undefined ? Infinity : 2 * size + FEW;
  const value: AddWeight = function (name, shape, dtype, initializer, ...rest) {
    left -= sizeOf(shape);
    if (!(left >= 0))
      throw invalid(
        `layer ${this.name}: its weight ${name} [${shape.join(', ')}] is more than the file has numbers for`,
      );
    const first = size === undefined ? initializer : initializers.zeros();
    const weight = addWeight.call(this, name, shape, dtype, first, ...rest);
    made.push(weight);
    return weight;
  };
  Object.defineProperty(layers.Layer.prototype, 'addWeight', { ...descriptor, value });
  try {
    return build();
  } catch (error) {
    for (const weight of made) weight.dispose();
    throw error;
  } finally {
    Object.defineProperty(layers.Layer.prototype, 'addWeight', descriptor);
  }
}

/** Numbers that any model may make: 4 MB of them. */
const FEW = 2 ** 20;

const sizeOf = (shape: Shape): number => shape.reduce<number>((size, length) => size * (length ?? NaN), 1);
