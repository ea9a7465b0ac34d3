import type { KernelInitializer } from '@heed/attention';
import { uniform } from '@heed/base';

/**
 * Orthogonal [n, n] blocks side by side, one per gate of a recurrent kernel [n, gates·n], so that states neither grow nor
 * fade at the first step. Found by Gram–Schmidt from uniform numbers.
 *
 * @see Saxe, McClelland & Ganguli 2013, arXiv:1312.6120; Bahdanau et al. 2014, appendix B.1, for recurrent matrices
 */
export const orthogonalBlocks: KernelInitializer = ([n, columns], { seed, stream }) => {
  const random = uniform({ stream: 'models', seed, name: stream });
  const values = new Float32Array(n * columns);
  for (let start = 0; start < columns; start += n) {
    orthogonal(n, random).forEach((row, i) => values.set(row, i * columns + start));
  }
  return values;
};

function orthogonal(n: number, random: () => number): Float64Array[] {
  const rows: Float64Array[] = [];
  while (rows.length < n) {
    const row = Float64Array.from({ length: n }, () => 2 * random() - 1);
    // Twice is enough for full precision (Kahan, in Parlett 1980, "The Symmetric Eigenvalue Problem", §6.9).
    for (let pass = 0; pass < 2; pass++) for (const other of rows) addScaled(row, -dot(row, other), other);
    const norm = Math.sqrt(dot(row, row));
    if (norm > SMALLEST_NORM) rows.push(row.map((value) => value / norm));
  }
  return rows;
}

// A candidate that lies almost in the span of the others would be noise after normalisation; another is drawn.
const SMALLEST_NORM = 1e-6;

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addScaled(target: Float64Array, scale: number, source: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] += scale * source[i];
}
