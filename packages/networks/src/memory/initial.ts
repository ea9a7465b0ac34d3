import { glorotUniform, type KernelInitializer } from '@heed/attention';
import { uniform } from '@heed/base';

// Of a word's vector at the start: sums of words that are much longer make the first attention sharp at random, which it
// doesn't recover from; much shorter, and all facts look alike for long.
const SQUARED_LENGTH = 2;

/** Vectors of words, in random directions and about equally long. */
export const wordVectors: KernelInitializer = ([rows, columns], { seed, stream }) => {
  const random = uniform({ stream: 'models', seed, name: stream });
  const limit = Math.sqrt((3 * SQUARED_LENGTH) / columns);
  return Float32Array.from({ length: rows * columns }, () => (2 * random() - 1) * limit);
};

/** The identity, of as many rows and columns as there are, and Glorot's noise. */
export const identityAmongNoise: KernelInitializer = (shape, source) => identityBlocks(shape[0])(shape, source);

/** Blocks of so many rows below one another, each the identity and Glorot's noise: the sum of the words of a sentence, at first. */
export const identityBlocks =
  (size: number): KernelInitializer =>
  (shape, source) => {
    const [rows, columns] = shape;
    const values = glorotUniform(shape, source);
    for (let row = 0; row < rows; row++) if (row % size < columns) values[row * columns + (row % size)] += 1;
    return values;
  };
