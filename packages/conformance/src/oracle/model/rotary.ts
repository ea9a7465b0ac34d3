import type { Formula } from './formula.js';
import { at } from './grid.js';

/** Each pair as a product of complex numbers, (a + bi)·(cos + sin·i). */
export const rotaryEmbedding: Formula<'rotaryEmbedding'> = (tape, { x: [x], cos: [cos], sin: [sin] }, options) => {
  const [, heads, time, width] = x.shape as [number, number, number, number];
  const pairs = cos.shape[1]!;
  const { layout, starts, rows } = options;
  const nodes = x.nodes.slice();
  for (let n = 0; n < nodes.length / width; n++) {
    const [batchRow, t] = [Math.floor(n / (heads * time)), n % time];
    const row = rows ? rows[batchRow * time + t] : (starts ? starts[batchRow] : 0) + t;
    for (let i = 0; i < pairs; i++) {
      const [first, second] = layout === 'half' ? [i, i + pairs] : [2 * i, 2 * i + 1];
      const [a, b] = [at(x, n, first), at(x, n, second)];
      const [c, s] = [at(cos, row, i), at(sin, row, i)];
      nodes[n * width + first] = tape.sub(tape.mul(a, c), tape.mul(b, s));
      nodes[n * width + second] = tape.add(tape.mul(a, s), tape.mul(b, c));
    }
  }
  return { y: { shape: x.shape, nodes } };
};
