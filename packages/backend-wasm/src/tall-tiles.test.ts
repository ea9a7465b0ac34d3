import { expect, test } from 'vitest';
import { relaxedSimd } from 'wasm-feature-detect';
import { instantiate, loadModule, type Kernels } from './wasm-module.js';

const SIZE = 37;
const MATRIX = 4 * SIZE * SIZE;

/** Product of two matrices of random numbers, by tiles of either height. */
function multiply(kernels: Kernels, { buffer }: WebAssembly.Memory, areTall: boolean): Float32Array {
  new Float32Array(buffer, 0, 2 * SIZE * SIZE).set(
    Float32Array.from({ length: 2 * SIZE * SIZE }, (_, n) => Math.sin(n * n)),
  );
  kernels.setTallTiles(Number(areTall));
  kernels.matMulScratch(4 * MATRIX, SIZE, SIZE, SIZE);
  kernels.multiply(0, MATRIX, 2 * MATRIX, SIZE, SIZE, SIZE, 0, 0, 0);
  return new Float32Array(buffer, 2 * MATRIX, SIZE * SIZE).slice();
}

test('tiles of 4 and of 6 rows give the same bits', async () => {
  const memory = new WebAssembly.Memory({ initial: 16 });
  const kernels = await instantiate(await loadModule((await relaxedSimd()) ? 'relaxed' : 'simd'), memory);
  const low = multiply(kernels, memory, false);
  expect(multiply(kernels, memory, true)).toEqual(low);
  expect(new Set(low).size).toBeGreaterThan(SIZE);
});
