import * as tf from '@tensorflow/tfjs';
import { cpu } from '@heed/backend-cpu';
import { HeedError } from '@heed/base';
import { describe, expect, it } from 'vitest';
import type { CallArguments, KerasLayer } from '../src/layers/keras-layer.js';
import type { Json } from '../src/files/read-json.js';
import { makeConstraint, makeInitializer, makeRegularizer } from '../src/standard/deserialize.js';
import { STANDARD_LAYERS } from '../src/standard/index.js';
import { RecurrentCell, type Reading } from '../src/standard/recurrent/cell.js';
import { random, useBackend, valuesOf } from './backends.js';
import { CASES, makeInner, arraysOf } from './standard-cases.js';

const make = (className: string, config: Json): KerasLayer =>
  makeInner({ class_name: className, config: { name: 'one', ...config } }) as KerasLayer;

/** What a new layer gives for a tensor, with the weights that `seed` draws. */
async function outputOf(layer: KerasLayer, x: tf.Tensor, given: CallArguments = {}, seed = 1): Promise<number[]> {
  layer.apply(x);
  for (const [n, weight] of layer.weights.entries()) weight.write(random(weight.shape as number[], seed + n));
  return valuesOf(tf.tidy(() => layer.run({ [layer.argumentNames[0]]: x, ...given }) as tf.Tensor));
}

describe("layers of Keras's files", () => {
  useBackend(cpu());

  it.each(CASES.map((one) => [one.name, one] as const))('symbols of %s have the shapes of its tensors', (name, one) => {
    const arrays = arraysOf(name);
    const layer = makeInner({ class_name: one.class_name, config: one.config }) as KerasLayer;
    const free = ({ shape }: { readonly shape: readonly number[] }): tf.Shape => [null, ...shape.slice(1)];
    const symbols = Array.from({ length: one.inputs }, (_, n) => tf.input({ batchShape: free(arrays[`in/${n}`]) }));
    const outputs = [layer.apply(one.several ? symbols : symbols[0])].flat() as tf.SymbolicTensor[];
    const expected = Array.from({ length: one.outputs }, (_, n) => free(arrays[`out/${n}`]));
    expect(outputs.map(({ shape }) => shape)).toEqual(expected);
    layer.dispose();
  });

  it('what Keras 2 wrote is read as Keras 2 meant it', async () => {
    const x = random([2, 3, 4], 5);
    const old = { units: 2, implementation: 2 };
    expect(make('GRU', old).apply(x)).toHaveProperty('shape', [2, 2]);
    const bias = make('GRU', old);
    bias.apply(x);
    expect(bias.weights.map(({ shape }) => shape)).toEqual([[4, 6], [2, 6], [6]]);
    expect(await outputOf(make('LeakyReLU', { alpha: 0.5 }), tf.tensor([[-2, 4]]))).toEqual([-1, 4]);
    const hard = { class_name: 'Zeros', config: {} };
    const activation = 'hard_sigmoid';
    const ones = tf.tensor([[1]]);
    const [asKeras2] = await outputOf(
      make('Dense', { units: 1, use_bias: false, activation, kernel_initializer: hard }),
      ones,
    );
    const [asKeras3] = await outputOf(make('Dense', { units: 1, use_bias: false, activation }), ones);
    const [sum] = await outputOf(make('Dense', { units: 1, use_bias: false }), ones);
    expect(asKeras2).toBeCloseTo(0.2 * sum + 0.5, 6);
    expect(asKeras3).toBeCloseTo(sum / 6 + 0.5, 6);
  });

  it('time may come before the batch, as in Keras 2', async () => {
    const x = random([2, 3, 4], 5);
    const config = { units: 2, return_sequences: true };
    const before = tf.transpose(tf.tensor(await outputOf(make('LSTM', config), x), [2, 3, 2]), [1, 0, 2]);
    const timeMajor = await outputOf(make('LSTM', { ...config, time_major: true }), tf.transpose(x, [1, 0, 2]));
    expect(timeMajor).toEqual(await valuesOf(before));
  });

  it('states may come in one list with the sequence, as in Keras 2', async () => {
    const [x, h] = [random([2, 3, 4], 5), random([2, 3], 6)];
    const layer = make('GRU', { units: 3 });
    const named = await outputOf(layer, x, { initialState: [h] });
    expect(await valuesOf(layer.run({ sequences: [x, h] }) as tf.Tensor)).toEqual(named);
    expect(await valuesOf(layer.apply([x, h]) as tf.Tensor)).toEqual(named);
  });

  it.each([
    ['Dropout', {}, [50, 60], 1],
    ['SpatialDropout1D', {}, [60, 3, 60], 3],
    ['SpatialDropout2D', {}, [30, 2, 2, 60], 4],
    ['Dropout', { noise_shape: [null, 1] }, [4000, 2], 2],
  ] as const)('%s %j drops its share, all places of a channel alike', async (className, options, shape, alike) => {
    const x = tf.ones([...shape]);
    const layer = make(className, { rate: 0.25, ...options });
    const output = tf.tidy(() => layer.run({ inputs: x, training: true }) as tf.Tensor);
    const dropped = (await output.data()).filter((value) => value === 0).length / x.size;
    expect(dropped).toBeGreaterThan(0.2);
    expect(dropped).toBeLessThan(0.3);
    const kept = [...new Set(await output.data())].filter((value) => value !== 0);
    expect(kept.map((value) => value.toFixed(5))).toEqual(['1.33333']);
    if (alike > 1) {
      const spread = tf.tidy(() => {
        const places = className === 'Dropout' ? output : tf.reshape(output, [shape[0], alike, shape.at(-1)!]);
        return tf.max(tf.sub(tf.max(places, 1), tf.min(places, 1)));
      });
      expect(await valuesOf(spread)).toEqual([0]);
    }
    output.dispose();
  });

  it.each([
    ['GaussianNoise', { stddev: 0.5 }, 0.5],
    ['GaussianDropout', { rate: 0.2 }, 0.5],
  ] as const)('%s has the deviation that it says', async (className, config, deviation) => {
    const layer = make(className, config);
    const found = tf.tidy(() =>
      tf.sqrt(tf.moments(layer.run({ inputs: tf.ones([100, 100]), training: true }) as tf.Tensor).variance),
    );
    expect((await valuesOf(found))[0]).toBeCloseTo(deviation, 1);
  });

  it('a recurrent layer drops inputs and states while training, the same ones at all steps', async () => {
    const x = random([2, 5, 4], 3);
    for (const className of ['LSTM', 'GRU', 'SimpleRNN']) {
      const layer = make(className, { units: 3, dropout: 0.5, recurrent_dropout: 0.5 });
      const still = await outputOf(layer, x);
      expect(await outputOf(layer, x)).toEqual(still);
      expect(await outputOf(layer, x, { training: true })).not.toEqual(still);
    }
  });

  it.each([
    ['Lambda', { function: 'never run' }, 'CONFIG_INVALID', /never run/],
    ['LSTM', { units: 3, stateful: true }, 'CONFIG_INVALID', /stateful/],
    ['Dense', { units: 0 }, 'CONFIG_INVALID', /units/],
    ['Dense', { units: 'many' }, 'CONFIG_INVALID', /units/],
    ['Dense', { units: 2, activation: 'gellu' }, 'UNKNOWN_NAME', /gelu/],
    ['Dense', { units: 2, activation: 'constructor' }, 'UNKNOWN_NAME', /constructor/],
    ['Conv1D', { filters: 2, kernel_size: [1, 2] }, 'CONFIG_INVALID', /kernel_size/],
    ['Conv2D', { filters: 2, kernel_size: 2, padding: 'sama' }, 'CONFIG_INVALID', /same/],
    ['Dropout', { rate: 1.5 }, 'CONFIG_INVALID', /rate/],
    [
      'Bidirectional',
      { layer: { class_name: 'Dense', config: { units: 2, name: 'd' } } },
      'CONFIG_INVALID',
      /recurrent/,
    ],
    ['RNN', { cell: { class_name: 'Dense', config: { units: 2, name: 'd' } } }, 'CONFIG_INVALID', /cell/],
    ['TimeDistributed', { layer: null }, 'FILE_INVALID', /layer/],
  ] as const)('%s %j is refused', (className, config, code, said) => {
    let caught: unknown;
    try {
      make(className, config);
    } catch (error) {
      caught = error;
    }
    expect(HeedError.isInstance(caught, code), String(caught)).toBe(true);
    expect(String(caught)).toMatch(said);
  });

  it('states of another number or width are refused', () => {
    const layer = make('LSTM', { units: 3 });
    const x = random([2, 3, 4], 1);
    layer.apply(x);
    expect(() => layer.run({ sequences: x, initialState: [tf.zeros([2, 3])] })).toThrow(/SHAPE_MISMATCH|states/);
    expect(() => layer.run({ sequences: x, initialState: [tf.zeros([2, 3]), tf.zeros([2, 4])] })).toThrow(/states/);
  });

  it("a cell of one's own is stepped through a sequence, and stacked", async () => {
    class Sums extends RecurrentCell {
      static readonly className = 'Sums';
      readonly stateWidths = [4];
      readonly outputWidth = 4;
      override read(x: tf.Tensor3D, [before]: readonly tf.Tensor2D[]): Reading {
        const outputs = tf.unstack(tf.add(tf.cumsum(x, 1), tf.expandDims(before, 1)), 1) as tf.Tensor2D[];
        return { outputs, states: [outputs.at(-1)!] };
      }
    }
    const x = tf.ones([1, 3, 4]);
    const cell = { class_name: 'Sums', config: {} };
    const layer = (cells: Json) => STANDARD_LAYERS['RNN'](cells, () => new Sums('Sums', {})) as KerasLayer;
    const said = await outputOf(layer({ cell, return_sequences: true }), x);
    expect(said).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
    expect(await outputOf(layer({ cell: [cell, cell] }), x)).toEqual([6, 6, 6, 6]);
  });

  it('an orthogonal initialiser gives orthogonal rows or columns, and the same ones for a seed', async () => {
    const draw = (shape: number[], seed: number): tf.Tensor2D =>
      makeInitializer({ class_name: 'Orthogonal', config: { gain: 2, seed } }).apply(shape) as tf.Tensor2D;
    for (const shape of [
      [4, 9],
      [9, 4],
    ]) {
      const matrix = draw(shape, 7);
      const wide = shape[0] < shape[1];
      const found = await valuesOf(tf.matMul(matrix, matrix, !wide, wide));
      found.forEach((value, n) => expect(value).toBeCloseTo(n % 5 === 0 ? 4 : 0, 5));
      expect(await valuesOf(draw(shape, 7))).toEqual(await valuesOf(matrix));
    }
    expect(await valuesOf(draw([2, 2], 8))).not.toEqual(await valuesOf(draw([2, 2], 7)));
  });

  it.each([
    'zeros',
    'Ones',
    'constant',
    'random_normal',
    'RandomUniform',
    'truncated_normal',
    'glorot_uniform',
    'GlorotNormal',
    'he_uniform',
    'he_normal',
    'LecunUniform',
    'lecun_normal',
    'VarianceScaling',
    'orthogonal',
    'identity',
  ])('initialiser %s makes a matrix', async (name) => {
    const values = await valuesOf(makeInitializer(name).apply([3, 3]));
    expect(values).toHaveLength(9);
    expect(values.every(Number.isFinite)).toBe(true);
  });

  it('regularisers and constraints are those that the file says', async () => {
    const x = tf.tensor2d([
      [3, -1],
      [4, 0],
    ]);
    const cost = makeRegularizer({ class_name: 'L1L2', config: { l1: 0.1, l2: 0.01 } })!.apply(x);
    expect((await valuesOf(cost))[0]).toBeCloseTo(0.1 * 8 + 0.01 * 26, 5);
    expect(await valuesOf(makeConstraint('NonNeg')!.apply(x))).toEqual([3, 0, 4, 0]);
    const unit = await valuesOf(makeConstraint({ class_name: 'UnitNorm', config: { axis: 0 } })!.apply(x));
    expect(unit[0]).toBeCloseTo(0.6, 5);
    expect(() => makeRegularizer('l3')).toThrow(/UNKNOWN_NAME|not known/);
  });
});
