import { beforeAll, describe, expect, test } from 'vitest';
import { detectSimd, instantiate, loadModule, type Kernels } from './wasm-module.js';

/** The errors that assembly/vector.ts states, over a memory of the test's own. */

const memory = new WebAssembly.Memory({ initial: 64 });
const COUNT = 200_001; // ends in an incomplete vector
const TO = 4 * COUNT;
let kernels: Kernels;

beforeAll(async () => {
  kernels = await instantiate(await loadModule((await detectSimd())!), memory);
});

type Name = 'exp' | 'tanh' | 'sigmoid';

function evaluate(name: Name, arguments_: ArrayLike<number>): { x: Float32Array; y: Float32Array } {
  const x = Float32Array.from(arguments_);
  new Float32Array(memory.buffer, 0, x.length).set(x);
  kernels[name](0, TO, x.length);
  return { x, y: new Float32Array(memory.buffer, TO, x.length).slice() };
}

/** The largest error in spacings of float32 at the exact result. */
function largestError(name: Name, exact: (x: number) => number, low: number, high: number): number {
  const { x, y } = evaluate(
    name,
    Float32Array.from({ length: COUNT }, (_, n) => low + ((high - low) * n) / (COUNT - 1)),
  );
  let largest = 0;
  for (const [n, got] of y.entries()) {
    const expected = exact(x[n]);
    const spacing = 2 ** (Math.floor(Math.log2(Math.abs(expected) || 1)) - 23);
    largest = Math.max(largest, Math.abs(got - expected) / spacing);
  }
  return largest;
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

describe('errors in ulps', () => {
  test.each<[Name, (x: number) => number, number, number, number]>([
    ['exp', Math.exp, -87.3, 0, 2],
    ['exp', Math.exp, 0, 88.3, 2],
    ['exp', Math.exp, -1e-3, 1e-3, 2],
    ['tanh', Math.tanh, -12, 12, 3],
    ['tanh', Math.tanh, -0.7, 0.7, 3],
    ['tanh', Math.tanh, 1e-9, 1e-5, 3],
    ['sigmoid', logistic, -20, 20, 3],
    ['sigmoid', logistic, -85, -20, 3],
  ])('%s', (name, exact, low, high, ulps) => {
    const error = largestError(name, exact, low, high);
    expect(error).toBeLessThanOrEqual(ulps);
    expect(error).toBeGreaterThan(0); // it was compared with something
  });
});

test('ends and what isn’t finite', () => {
  const x = [0, -0, Infinity, -Infinity, NaN, 1000, -1000];
  expect([...evaluate('exp', x).y]).toEqual([1, 1, Infinity, 0, NaN, Infinity, 0]);
  expect([...evaluate('tanh', x).y]).toEqual([0, -0, 1, -1, NaN, 1, -1]);
  expect([...evaluate('sigmoid', x).y]).toEqual([0.5, 0.5, 1, 0, NaN, 1, 0]);
});

test('exp flushes what would be subnormal', () => {
  const [above, below] = evaluate('exp', [-87.33, -87.4]).y;
  expect(above).toBeGreaterThan(1.17e-38);
  expect(below).toBe(0);
});
