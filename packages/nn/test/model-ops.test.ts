import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  addBias,
  crossEntropy,
  firstColumns,
  gruReset,
  gruUpdate,
  lookup,
  lookupSums,
  lstmGates,
  maxoutLayer,
  positionAt,
  scan,
  tanhLayer,
  toPositions,
  toSteps,
} from '@heed/core/model-ops';
import { embed } from '../src/layers/embed.js';
import { repeatedProduct } from '../src/layers/repeated-product.js';
import { COMPOSED, CPU, WASM, evaluateOp, greatestDifference, useEngine, values } from './engines.js';

type T2 = tf.Tensor2D;
const lengths = Int32Array.of(3, 1, 2);
const someActive = Uint8Array.of(1, 0, 1);
const ids = Int32Array.of(2, 0, 2, 1);
const sums = { from: ids, to: Int32Array.of(1, 1, 0, 3), factors: Float32Array.of(1, 0.5, -2, 0.25), rows: 4 };
const targets = { ids: Int32Array.of(1, 3, 0), weights: Float32Array.of(0.5, 0, 0.25) };

/** h ← tanh(2h + x) at each step. */
const scanned = (state: T2, steps: tf.Tensor3D): tf.Tensor => {
  const body = ([h]: readonly tf.Tensor[], [x]: readonly tf.Tensor[]) => {
    const next = tf.tanh(tf.add(tf.mul(h, 2), x));
    return { state: [next], outputs: [next] };
  };
  return scan(body, { state: [state], steps: [steps] }).outputs[0];
};

/** Name, op, shapes of the inputs. */
const OPS: readonly (readonly [string, (...inputs: never[]) => tf.Tensor, readonly (readonly number[])[]])[] = [
  ['lookup', (table: T2) => lookup(table, ids), [[3, 5]]],
  ['lookupSums', (table: T2) => lookupSums(table, sums), [[3, 5]]],
  [
    'scan',
    scanned,
    [
      [3, 2],
      [4, 3, 2],
    ],
  ],
  [
    'scan of one step',
    scanned,
    [
      [3, 2],
      [1, 3, 2],
    ],
  ],
  ['firstColumns', (x: T2) => firstColumns(x, 2), [[3, 5]]],
  ['addBias', (x: T2, bias: tf.Tensor1D) => addBias(x, bias), [[3, 5], [5]]],
  ['tanhLayer of one', (x: T2, bias: tf.Tensor1D) => tanhLayer([x], bias), [[3, 5], [5]]],
  [
    'tanhLayer of three',
    (x: T2, y: T2, z: T2, bias: tf.Tensor1D) => tanhLayer([x, y, z], bias),
    [[3, 4], [3, 4], [3, 4], [4]],
  ],
  ['maxoutLayer', (x: T2, y: T2, bias: tf.Tensor1D) => maxoutLayer([x, y], bias), [[3, 8], [3, 8], [8]]],
  [
    'lstmGates',
    (x: T2, h: T2, state: T2) => lstmGates([x, h], state),
    [
      [3, 16],
      [3, 16],
      [3, 8],
    ],
  ],
  [
    'lstmGates, some active',
    (x: T2, state: T2) => lstmGates([x], state, someActive),
    [
      [3, 16],
      [3, 8],
    ],
  ],
  [
    'gruReset',
    (x: T2, h: T2, state: T2) => gruReset([x, h], state),
    [
      [3, 8],
      [3, 8],
      [3, 4],
    ],
  ],
  [
    'gruUpdate',
    (x: T2, h: T2, gates: T2, state: T2) => gruUpdate([x, h], gates, state),
    [
      [3, 4],
      [3, 4],
      [3, 8],
      [3, 4],
    ],
  ],
  [
    'gruUpdate, some active',
    (x: T2, gates: T2, state: T2) => gruUpdate([x], gates, state, someActive),
    [
      [3, 4],
      [3, 8],
      [3, 4],
    ],
  ],
  [
    'toPositions of two directions',
    (...states: T2[]) => toPositions({ forward: states.slice(0, 3), backward: states.slice(3) }, lengths),
    Array.from({ length: 6 }, () => [3, 4]),
  ],
  ['toSteps backward', (x: tf.Tensor3D) => toSteps(x, 'backward', lengths), [[3, 3, 2]]],
  ['toSteps forward', (x: tf.Tensor3D) => toSteps(x, 'forward', lengths), [[3, 3, 2]]],
  ['crossEntropy', (logits: T2) => crossEntropy(logits, { ...targets, smoothing: 0 }), [[3, 4]]],
  ['crossEntropy, smoothed', (logits: T2) => crossEntropy(logits, { ...targets, smoothing: 0.1 }), [[3, 4]]],
] as never;

describe('model ops', () => {
  it.each(OPS)('%s: kernels equal what is composed of ops, gradients too', async (_, op, shapes) => {
    const composed = await evaluateOp(COMPOSED, op, shapes);
    expect(composed.gradients.some((gradient) => gradient.some((value) => value !== 0))).toBe(true);
    for (const engine of [CPU, WASM] as const) {
      const { output, gradients } = await evaluateOp(engine, op, shapes);
      expect(greatestDifference(output, composed.output), engine).toBeLessThan(1e-6);
      gradients.forEach((gradient, i) => {
        expect(greatestDifference(gradient, composed.gradients[i]), engine).toBeLessThan(2e-6);
      });
    }
  });

  it.each([1, 3, 4, 6, 33])('kernels of cells with %i units', async (units) => {
    const ofWidth = (...widths: number[]): number[][] => widths.map((width) => [3, width * units]);
    const cells: readonly (readonly [(...inputs: never[]) => tf.Tensor, number[][]])[] = [
      [(x: T2, y: T2, z: T2, state: T2) => lstmGates([x, y, z], state, someActive), ofWidth(4, 4, 4, 2)],
      [(x: T2, state: T2) => gruReset([x], state), ofWidth(2, 1)],
      [(x: T2, y: T2, open: T2, state: T2) => gruUpdate([x, y], open, state, someActive), ofWidth(1, 1, 2, 1)],
      [
        (logits: T2) => crossEntropy(logits, { ...targets, ids: Int32Array.of(0, 0, units - 1), smoothing: 0.1 }),
        ofWidth(1),
      ],
    ];
    for (const [op, shapes] of cells) {
      const host = await evaluateOp(CPU, op, shapes);
      const kernels = await evaluateOp(WASM, op, shapes);
      expect(greatestDifference(kernels.output, host.output)).toBeLessThan(1e-6);
      kernels.gradients.forEach((gradient, i) => {
        expect(greatestDifference(gradient, host.gradients[i])).toBeLessThan(1e-6);
      });
    }
  });

  it.each([5, 600])('embed of %i symbols is looking up and multiplying, in whichever order', async (count) => {
    const at = Int32Array.of(4, 0, 4, 2);
    const shapes = [
      [count, 3],
      [3, 2],
    ];
    const expected = await evaluateOp(
      COMPOSED,
      ((table: T2, kernel: T2) => tf.matMul(lookup(table, at), kernel)) as never,
      shapes,
    );
    for (const engine of [CPU, WASM] as const) {
      const op = (table: T2, kernel: T2) => embed(table, at, (rows) => [tf.matMul(rows, kernel)])[0];
      const { output, gradients } = await evaluateOp(engine, op as never, shapes);
      expect(greatestDifference(output, expected.output)).toBeLessThan(1e-6);
      gradients.forEach((gradient, i) => {
        expect(greatestDifference(gradient, expected.gradients[i])).toBeLessThan(1e-6);
      });
    }
  });

  it('gates far from 0 are open or shut', async () => {
    for (const engine of [CPU, COMPOSED, WASM] as const) {
      await useEngine(engine);
      const terms = tf.tensor2d([[1000, -1000, 1000, -1000, -1000, 1000, 1000, 1000]]);
      const state = tf.tensor2d([[0.5, -0.5, 2, 3]]);
      const next = lstmGates([terms], state);
      expect(greatestDifference(next.dataSync(), [Math.tanh(1), 0, 1, 0])).toBeLessThan(1e-6);
      tf.dispose([terms, state, next]);
    }
  });

  it('repeatedProduct: one product of all steps has the gradient of their sum', async () => {
    const results: number[][][] = [];
    for (const engine of [CPU, COMPOSED, WASM] as const) {
      await useEngine(engine);
      const before = tf.memory().numTensors;
      const kernel = tf.tidy(() => tf.variable(tf.tensor2d(values(9), [3, 3])));
      const first = tf.tidy(() => tf.variable(tf.tensor2d(values(6, 2), [2, 3])));
      const { value, grads } = tf.variableGrads(() => {
        const product = repeatedProduct(kernel);
        const second = tf.tanh(product(first as unknown as T2)) as T2;
        return tf.sum(
          tf.mul(tf.add(product(tf.tanh(product(second))), second), tf.tensor2d(values(6, 3), [2, 3])),
        ) as tf.Scalar;
      });
      results.push([value, grads[kernel.name], grads[first.name]].map((x) => Array.from(x.dataSync())));
      tf.dispose([kernel, first, value, grads]);
      expect(tf.memory().numTensors).toBe(before);
    }
    for (const other of results.slice(1)) {
      results[0].forEach((numbers, i) => expect(greatestDifference(numbers, other[i])).toBeLessThan(2e-6));
    }
  });

  it('crossEntropy is the mean over what counts, whatever padding holds', async () => {
    for (const engine of [CPU, COMPOSED, WASM] as const) {
      await useEngine(engine);
      const logits = tf.tensor2d([Math.log(0.25), Math.log(0.75), 1000, -1000, 0, 0], [3, 2]);
      const counted = { ids: Int32Array.of(1, 1, 0), weights: Float32Array.of(0.5, 0, 0.5), smoothing: 0 };
      const loss = crossEntropy(logits, counted);
      expect(loss.dataSync()[0]).toBeCloseTo((-Math.log(0.75) + Math.log(2)) / 2, 6);
      tf.dispose([logits, loss]);
    }
  });

  it('maxout takes the first of equal pieces', async () => {
    await useEngine(CPU);
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(maxoutLayer([x as T2], tf.zeros([2]))))(tf.tensor2d([[3, 3]]));
    expect([...gradient.dataSync()]).toEqual([1, 0]);
    gradient.dispose();
  });

  it('reads backwards from each row’s own end', () => {
    expect([0, 1, 2, 3].map((t) => positionAt('backward', 3, t))).toEqual([2, 1, 0, -1]);
    expect([0, 1, 2, 3].map((t) => positionAt('forward', 3, t))).toEqual([0, 1, 2, -1]);
  });
});
