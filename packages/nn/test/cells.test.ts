import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createCell, type CellKind } from '../src/layers/cell.js';
import { Parameters } from '../src/layers/parameters.js';
import { COMPOSED, CPU, greatestDifference, useEngine, values } from './engines.js';

const B = 3;
const H = 4;

/** x [B, groups], state [B, S] and parameters, all flat, to the next state: the textbook's equations in float64. */
type Oracle = (inputs: Inputs) => number[];
interface Inputs {
  readonly terms: readonly number[][];
  readonly state: readonly number[];
  readonly kernels: readonly number[][];
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** (v U)[column], U of shape [H, columns]. */
const product = (v: readonly number[], kernel: readonly number[], column: number, columns: number): number =>
  v.reduce((sum, value, k) => sum + value * kernel[k * columns + column], 0);

const lstm: Oracle = ({ terms: [x], state, kernels: [U] }) =>
  Array.from({ length: B }, (_, b) => {
    const h = state.slice(b * 2 * H, b * 2 * H + H);
    const c = state.slice(b * 2 * H + H, (b + 1) * 2 * H);
    const a = (gate: number, u: number): number => x![b * 4 * H + gate * H + u] + product(h, U!, gate * H + u, 4 * H);
    const next = c.map((cu, u) => sigmoid(a(1, u)) * cu + sigmoid(a(0, u)) * Math.tanh(a(2, u)));
    return [...next.map((cu, u) => sigmoid(a(3, u)) * Math.tanh(cu)), ...next];
  }).flat();

const gru: Oracle = ({ terms: [x, xCandidate], state, kernels: [U, UCandidate] }) =>
  Array.from({ length: B }, (_, b) => {
    const h = state.slice(b * H, (b + 1) * H);
    const gate = (column: number): number => sigmoid(x![b * 2 * H + column] + product(h, U!, column, 2 * H));
    const reset = h.map((hu, u) => gate(u) * hu);
    return h.map((hu, u) => {
      const z = gate(H + u);
      return (1 - z) * hu + z * Math.tanh(xCandidate![b * H + u] + product(reset, UCandidate!, u, H));
    });
  }).flat();

/** With the recurrent bias at its first values, 0. */
const gruResetAfter: Oracle = ({ terms: [x, xCandidate], state, kernels: [U, UCandidate] }) =>
  Array.from({ length: B }, (_, b) => {
    const h = state.slice(b * H, (b + 1) * H);
    const gate = (column: number): number => sigmoid(x![b * 2 * H + column] + product(h, U!, column, 2 * H));
    return h.map((hu, u) => {
      const z = gate(H + u);
      return (1 - z) * hu + z * Math.tanh(xCandidate![b * H + u] + gate(u) * product(h, UCandidate!, u, H));
    });
  }).flat();

const CASES = [
  ['lstm', lstm, ['cell/recurrent_kernel'], CPU],
  ['lstm', lstm, ['cell/recurrent_kernel'], COMPOSED],
  ['gru', gru, ['cell/recurrent_kernel_gates', 'cell/recurrent_kernel_candidate'], CPU],
  ['gru', gru, ['cell/recurrent_kernel_gates', 'cell/recurrent_kernel_candidate'], COMPOSED],
  ['gruResetAfter', gruResetAfter, ['cell/recurrent_kernel_gates', 'cell/recurrent_kernel_candidate'], CPU],
  ['gruResetAfter', gruResetAfter, ['cell/recurrent_kernel_gates', 'cell/recurrent_kernel_candidate'], COMPOSED],
] as const satisfies readonly (readonly [CellKind, Oracle, readonly string[], string])[];

describe.each(CASES)('%s', (kind, oracle, keys, engine) => {
  it(`equals its equations, and its gradient their central differences, on ${engine}`, async () => {
    await useEngine(engine);
    const parameters = new Parameters(1);
    const cell = createCell(kind, parameters, 'cell', H);
    const terms = cell.groups.map((width, i) => tf.tensor2d(values(B * width, i), [B, width]));
    const state = tf.tensor2d(values(B * cell.stateWidth, 7), [B, cell.stateWidth]);
    const weights = tf.tensor2d(values(B * cell.stateWidth, 8), [B, cell.stateWidth]);
    const kernels = keys.map((key) => parameters.all[key]);

    const numbers = (tensor: tf.Tensor): number[] => [...tensor.dataSync()];
    const inputs: Inputs = { terms: terms.map(numbers), state: numbers(state), kernels: kernels.map(numbers) };
    const next = cell.step(
      terms.map((t) => [t]),
      state,
    );
    expect(greatestDifference(next.dataSync(), oracle(inputs))).toBeLessThan(1e-6);

    const loss = (at: Inputs): number => oracle(at).reduce((sum, value, n) => sum + value * weights.dataSync()[n], 0);
    const { grads: kernelGradients } = tf.variableGrads(
      () =>
        tf.sum(
          tf.mul(
            cell.step(
              terms.map((t) => [t]),
              state,
            ),
            weights,
          ),
        ),
      kernels,
    );
    const gradients = tf.grads((...args: tf.Tensor[]) =>
      tf.sum(
        tf.mul(
          cell.step(
            args.slice(0, -1).map((t) => [t as tf.Tensor2D]),
            args.at(-1) as tf.Tensor2D,
          ),
          weights,
        ),
      ),
    )([...terms, state]);
    const all = [
      ...gradients.map((gradient) => numbers(gradient)),
      ...kernels.map(({ name }) => numbers(kernelGradients[name])),
    ];
    const arrays = [...inputs.terms, inputs.state, ...inputs.kernels] as number[][];
    arrays.forEach((array, i) => {
      const differences = array.map((value, n) => {
        const at = (shift: number): number => {
          array[n] = value + shift;
          const result = loss(inputs);
          array[n] = value;
          return result;
        };
        return (at(1e-5) - at(-1e-5)) / 2e-5;
      });
      expect(greatestDifference(all[i], differences)).toBeLessThan(2e-6);
    });
    tf.dispose([...terms, state, weights, next, ...gradients, kernelGradients]);
    parameters.dispose();
  });
});

describe('cells', () => {
  it('carry the state of an inactive row through, to the bit', async () => {
    for (const [engine, kind] of [
      [CPU, 'lstm'],
      [CPU, 'gru'],
      [CPU, 'gruResetAfter'],
      [COMPOSED, 'lstm'],
      [COMPOSED, 'gru'],
      [COMPOSED, 'gruResetAfter'],
    ] as const) {
      await useEngine(engine);
      const parameters = new Parameters(1);
      const cell = createCell(kind, parameters, 'cell', H);
      const terms = cell.groups.map((width) => [tf.tensor2d(values(B * width), [B, width])]);
      const state = tf.tensor2d(values(B * cell.stateWidth, 3), [B, cell.stateWidth]);
      const all = cell.step(terms, state).arraySync();
      const some = cell.step(terms, state, Uint8Array.of(1, 0, 1)).arraySync();
      expect(some).toEqual([all[0], state.arraySync()[1], all[2]]);
      parameters.dispose();
    }
  });

  it('start with orthogonal recurrent kernels, and an LSTM that remembers', async () => {
    await useEngine(CPU);
    const parameters = new Parameters(5);
    createCell('lstm', parameters, 'cell', H);
    const kernel = parameters.all['cell/recurrent_kernel'];
    tf.split(kernel, 4, 1).forEach((block) => {
      const gram = tf.matMul(block, block, true, false);
      expect(greatestDifference(gram.dataSync(), tf.eye(H).dataSync())).toBeLessThan(1e-6);
    });
    expect([...parameters.all['cell/bias'].dataSync()]).toEqual([0, 1, 0, 0].flatMap((one) => Array(H).fill(one)));
    parameters.dispose();
  });
});
