import { expect, test } from 'vitest';
import { countKernels } from './counted.js';

type Kernel = Parameters<typeof countKernels>[0][number];
const kernel = (name: string, inputShapes: number[][], outputShapes: number[][]): Kernel =>
  ({ name, inputShapes, outputShapes }) as unknown as Kernel;

test('counts products and attention by their formulas, and nothing else', () => {
  // [3, 4]·[4, 5]: 60 multiply–adds; 12 + 20 + 15 numbers.
  expect(
    countKernels([
      kernel(
        'BatchMatMul',
        [
          [3, 4],
          [4, 5],
        ],
        [[3, 5]],
      ),
    ]),
  ).toEqual({ flops: 120, bytes: 188 });
  // The same with a transposed: [4, 3].
  expect(
    countKernels([
      kernel(
        '_FusedMatMul',
        [
          [4, 3],
          [4, 5],
        ],
        [[3, 5]],
      ),
    ]).flops,
  ).toBe(120);
  expect(countKernels([kernel('Tanh', [[3, 5]], [[3, 5]])])).toEqual({ flops: 0, bytes: 0 });
  // 2·3·7 pairs, each 4 + 5 multiply–adds.
  const shapes = [
    [2, 1, 3, 4],
    [2, 1, 7, 4],
    [2, 1, 7, 5],
  ];
  const forward = countKernels([kernel('HeedDotProductAttention', shapes, [[2, 1, 3, 5]])]);
  expect(forward.flops).toBe(2 * 42 * 9);
  // Backward: the scores again, and two products for each of the two.
  const backward = countKernels([kernel('HeedDotProductAttentionGrad', shapes, [])]);
  expect(backward.flops).toBe(2 * 42 * (4 + 2 * 5 + 2 * 4));
  const additive = [[2, 3, 6], [2, 7, 6], [6], [2, 7, 5]];
  expect(countKernels([kernel('HeedAdditiveAttention', additive, [[2, 3, 5]])]).flops).toBe(2 * 42 * (6 + 5));
});
