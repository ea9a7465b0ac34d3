import { normals } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import { type Initializer, withFirstValues } from './initializer.js';

/**
 * Initialiser of matrices whose rows, or columns if there are fewer of them, are orthogonal and of length `gain`. That of TensorFlow.js 4.22 takes minutes for
 * the sizes of real recurrent layers, as its decomposition is made of small ops.
 *
 * @param seed a whole number for the same values every time
 * @see Saxe, McClelland & Ganguli 2013, arXiv:1312.6120
 */
export function orthogonal(gain: number, seed: unknown): Initializer {
  return withFirstValues((shape) => {
    const columns = shape.at(-1) ?? 1;
    const rows = shape.slice(0, -1).reduce<number>((product, length) => product * (length ?? 1), 1);
    const [few, many] = [Math.min(rows, columns), Math.max(rows, columns)];
    const purpose = {
      seed: typeof seed === 'number' ? Math.abs(Math.trunc(seed)) : Math.floor(Math.random() * 2 ** 32),
      stream: 'models',
      name: 'orthogonal',
    } as const;
    const vectors = orthogonalised(Float64Array.from(normals(few * many, purpose)), few, many);
    const values = Float32Array.from({ length: rows * columns }, (_, n) => {
      const [row, column] = [Math.floor(n / columns), n % columns];
      return gain * (rows <= columns ? vectors[row][column] : vectors[column][row]);
    });
    return tf.tensor(values, shape as number[]);
  });
}

/** Vectors of length 1 that are orthogonal, by Gram and Schmidt, twice for full precision. */
function orthogonalised(values: Float64Array, count: number, length: number): Float64Array[] {
  const vectors: Float64Array[] = [];
  for (let n = 0; n < count; n++) {
    const vector = values.slice(n * length, (n + 1) * length);
    for (let pass = 0; pass < 2; pass++) for (const other of vectors) subtractShadow(vector, other);
    const norm = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((value) => value / norm));
  }
  return vectors;
}

function subtractShadow(vector: Float64Array, other: Float64Array): void {
  const share = dot(vector, other);
  for (let n = 0; n < vector.length; n++) vector[n] -= share * other[n];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n] * b[n];
  return sum;
}
