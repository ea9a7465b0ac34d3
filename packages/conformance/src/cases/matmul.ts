import type { MatMulCase } from '../case.js';
import { hashOf } from '../random.js';

type Options = Partial<Pick<MatMulCase, 'transposeA' | 'transposeB' | 'fused'>>;

// Not where both operands broadcast ([2, 1, …] × [1, 3, …]): TensorFlow.js 4.22's own cpu kernel leaves most of that unset,
// and nothing in Heed needs it.
export const matmul: readonly MatMulCase[] = [
  ...([1, 2, 7, 16, 17, 33, 65] as const).map((n) => product(`square/${n}`, [n, n], [n, n])),
  product('rectangular', [5, 70], [70, 3]),
  product('row', [1, 67], [67, 33]),
  product('column', [67, 33], [33, 1]),
  product('outer', [17, 1], [1, 19]),
  ...[true, false].flatMap((transposeA) =>
    [true, false].flatMap((transposeB) => {
      const name = `${transposeA ? 'aT' : 'a'}-${transposeB ? 'bT' : 'b'}`;
      const a = transposeA ? [7, 5] : [5, 7];
      const b = transposeB ? [3, 7] : [7, 3];
      return [
        product(`transposed/${name}`, a, b, { transposeA, transposeB }),
        product(`batched/${name}`, [2, 3, ...a], [2, 3, ...b], { transposeA, transposeB }),
        product(`broadcast-left/${name}`, [1, ...a], [4, ...b], { transposeA, transposeB }),
        product(`broadcast-right/${name}`, [4, ...a], [1, ...b], { transposeA, transposeB }),
        product(`long/${name}`, transposeA ? [70, 33] : [33, 70], transposeB ? [37, 70] : [70, 37], {
          transposeA,
          transposeB,
        }),
      ];
    }),
  ),
  product('fused/plain', [5, 7], [7, 3], { fused: {} }),
  product('fused/bias', [5, 7], [7, 3], { fused: { bias: true } }),
  ...(['relu', 'relu6', 'sigmoid'] as const).map((activation) =>
    product(`fused/bias-${activation}`, [5, 7], [7, 3], { fused: { bias: true, activation } }),
  ),
  product('fused/batched-transposed', [2, 7, 5], [2, 3, 7], {
    transposeA: true,
    transposeB: true,
    fused: { bias: true, activation: 'relu' },
  }),
];

function product(name: string, a: readonly number[], b: readonly number[], options: Options = {}): MatMulCase {
  const id = `matmul/${name}`;
  return {
    kind: 'matmul',
    id,
    group: 'matmul',
    seed: hashOf(id),
    a,
    b,
    transposeA: options.transposeA ?? false,
    transposeB: options.transposeB ?? false,
    ...(options.fused && { fused: options.fused }),
  };
}
